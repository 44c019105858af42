//! Curves as SVG: a line for each crate over a size.

use std::{error::Error, path::Path, time::Duration};

use plotters::{
    coord::Shift,
    coord::ranged1d::{AsRangedCoord, Ranged, ValueFormatter},
    prelude::*,
};

use crate::timing::least;

/// The curves, as files of `docs/curves`.
pub const NAMES: [&str; 4] = ["payload-size", "tree-size", "receipts", "components"];

/// How long each point of a line is measured.
const EACH: Duration = Duration::from_millis(100);

/// The colours of lines, which people with any eyesight tell apart (Okabe and Ito).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

/// A line: who, and nanoseconds over a size.
pub struct Line {
    /// The crate.
    pub by: &'static str,
    /// Sizes and times.
    pub points: Vec<(f64, f64)>,
}

/// A picture of lines.
pub struct Curve {
    /// One of [`NAMES`].
    pub name: &'static str,
    /// What stands above it.
    pub title: &'static str,
    /// What the size is of.
    pub size: &'static str,
    /// How sizes are spaced.
    pub spacing: Spacing,
    /// The lines, ours first.
    pub lines: Vec<Line>,
}

/// How sizes are spaced. Times are always logarithmic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// Evenly.
    Linear,
    /// By their logarithm.
    Logarithmic,
}

/// One way to do something at one size.
pub type Way<'w> = (&'static str, Box<dyn Fn() + 'w>);

impl Curve {
    /// Measures every way at a size, taking turns, and adds a point to each line.
    pub fn measure(&mut self, size: f64, ways: &[Way<'_>]) {
        let works: Vec<&dyn Fn()> = ways.iter().map(|(_, work)| &**work).collect();
        let times = least(&works, EACH);
        for ((by, _), time) in ways.iter().zip(times) {
            match self.lines.iter_mut().find(|line| line.by == *by) {
                Some(line) => line.points.push((size, time)),
                None => self.lines.push(Line { by, points: vec![(size, time)] }),
            }
        }
    }

    /// Writes the picture into a folder.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn write(&self, folder: &Path) -> Result<(), Box<dyn Error>> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(self.name).with_extension("svg");
        let area = SVGBackend::new(&path, (760, 440)).into_drawing_area();
        area.fill(&WHITE)?;
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let range = |of: fn(&(f64, f64)) -> f64| {
            let low = points().map(of).fold(f64::INFINITY, f64::min);
            low..points().map(of).fold(0.0, f64::max)
        };
        let (sizes, times) = (range(|point| point.0), range(|point| point.1));
        // Above the lines there is room for their names.
        let room = (times.end / times.start).powf(0.45);
        let times = times.start * 0.7..times.end * room;
        match self.spacing {
            Spacing::Linear => self.draw(&area, sizes, times)?,
            Spacing::Logarithmic => self.draw(&area, sizes.log_scale(), times)?,
        }
        area.present()?;
        Ok(())
    }

    fn draw<X>(
        &self,
        area: &DrawingArea<SVGBackend<'_>, Shift>,
        sizes: X,
        times: std::ops::Range<f64>,
    ) -> Result<(), Box<dyn Error>>
    where
        X: AsRangedCoord<Value = f64>,
        X::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, ("sans-serif", 18))
            .margin(12)
            .margin_right(40)
            .x_label_area_size(42)
            .y_label_area_size(70)
            .build_cartesian_2d(sizes, times.log_scale())?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .x_desc(self.size)
            .y_desc("time of one call")
            .x_label_formatter(&|size| crate::page::number(size.round() as u64))
            .y_label_formatter(&|time| crate::compare::duration(*time))
            .draw()?;
        for (line, colour) in self.lines.iter().zip(COLOURS.iter().cycle()) {
            let drawn = LineSeries::new(line.points.iter().copied(), colour.stroke_width(2));
            chart.draw_series(drawn.point_size(3))?.label(line.by).legend(|(x, y)| {
                PathElement::new(vec![(x, y), (x + 18, y)], colour.stroke_width(2))
            });
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK.mix(0.3))
            .draw()?;
        Ok(())
    }
}
