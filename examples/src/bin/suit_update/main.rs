//! An A/B update of a device whose flash is a file: `suit_update [IMAGE]`.
//!
//! A maker signs manifests for a device with two slots. The device updates itself from the one slot to the other while
//! its power is cut again and again, starts the new image on trial and confirms it. Then it is offered an old manifest,
//! an image that was changed on its way, and a manifest that somebody else signed, and refuses all three.

mod board;
mod flash;

use std::error::Error;

use board::Board;
use cose_ext::{
    Context, Digest, Trust,
    crypto::{Algorithm, SecretKey, SymmetricKey},
    key::{Identity, TrustStore, TrustedKey},
    rustcrypto::{P256SigningKey, RustCrypto},
    sign1::Sign1Builder,
};
use flash::FlashError;
use suit_manifest::{
    AuthenticationPolicy, Authority, Envelope, Limits, Procedure, Processor, Readings, RunError,
    Stored, Target,
    author::{ManifestBuilder, SlottedImage, slotted},
    report::{Conclusion, NewReport, Reference, Report, ReportLog},
    run_journaled,
    store::{DeviceState, ManifestName, ManifestStore, StoreError, select_for_start},
};

type Outcome<T> = Result<T, Box<dyn Error>>;

const VENDOR: [u8; 16] = *b"a maker of pumps";
const CLASS: [u8; 16] = *b"pumps of size 3\0";
const URI: &str = "https://maker.example/pump.bin";
/// A new image is started so often before it has to have confirmed itself.
const TRIALS: u64 = 3;

/// What the maker does: a manifest about an image, signed.
fn release(number: u64, image: &[u8], maker: &P256SigningKey) -> Outcome<Vec<u8>> {
    let context = Context::new(&RustCrypto);
    let digest = context.hash(Algorithm::SHA256, &[image])?;
    let image = SlottedImage {
        slots: [vec![b"a".to_vec()], vec![b"b".to_vec()]],
        vendor_and_class: Some((VENDOR, CLASS)),
        digest: Digest::new(Algorithm::SHA256, digest.as_ref())?,
        size: image.len().try_into()?,
        uri: URI,
    };
    let manifest = slotted(ManifestBuilder::new(number).reference_uri(URI), &image);
    let mut envelope = manifest.build(Algorithm::SHA256, &context)?;
    envelope.sign(Sign1Builder::new(), maker, &context)?;
    Ok(envelope.to_bytes())
}

/// What the device knows from the factory on.
struct Device<'d> {
    trust: Trust<'d>,
    maker: Identity,
    secret: SecretKey<'d>,
    context: Context<'d>,
}

/// How a start of the device ended.
enum Start {
    PowerLost,
    Refused(String),
    Updated(String),
}

impl Device<'_> {
    /// Verifies and applies an update, going on where a loss of power left it, and keeps the manifest.
    fn update(&self, envelope: &[u8], board: &mut Board) -> Outcome<Start> {
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let envelope = Envelope::decode(envelope, &self.context.profile)?;
        let manifest = match envelope.verify(&self.trust, &policy, &self.context) {
            Ok(manifest) => manifest,
            Err(error) => return Ok(Start::Refused(error.to_string())),
        };
        let number = DeviceState::new(board.state(), &self.secret).sequence_number(
            &ManifestName::of(manifest.value()),
            &self.maker,
            &mut vec![0; 8192],
            &self.context,
        )?;
        let stored = number.map(|sequence_number| Stored { sequence_number, manifest: None });
        let target = Target {
            components: 2,
            stored,
            limits: Limits::DEFAULT,
            readings: Readings::default(),
        };
        let procedure = Procedure::Update;
        let processor = Processor::<2, 4>::new(
            &envelope,
            &manifest,
            procedure,
            &target,
            &mut [],
            &self.context,
        );
        let mut processor = match processor {
            Ok(processor) => processor,
            Err(error) => return Ok(Start::Refused(error.to_string())),
        };
        let mut buffer = [0; 1024];
        let mut log = ReportLog::new(&mut buffer);
        let authority = Authority { trust: &self.trust, policy: &policy };
        let mut journal = board.journal();
        let ended =
            run_journaled(&mut processor, board, &mut journal, &mut log, &authority, &self.context);
        if let Err(RunError::Platform(_)) = ended {
            return Ok(Start::PowerLost);
        }
        // What the device tells its maker.
        let reference = Reference::of(&envelope, manifest.value());
        let report = NewReport { reference, nonce: None, log: &log, capabilities: None };
        let mut out = [0; 2048];
        let report = Report::decode(report.write_to(&mut out)?, &self.context.profile)?;
        let told = match report.result() {
            Conclusion::Success => format!("{} records, success", report.records().len()),
            Conclusion::Failed(failed) => format!(
                "{:?} at byte {} of section {}",
                failed.reason,
                failed.record.offset(),
                failed.record.section()
            ),
        };
        match ended {
            Ok(()) => {
                let mut buffer = vec![0; 8192];
                let (name, context) = (ManifestName::Default, &self.context);
                let mut state = DeviceState::new(board.state(), &self.secret);
                let mut store = ManifestStore::new(board.manifests(), &self.secret);
                let committed = state.sequence_number(&name, &self.maker, &mut buffer, context);
                // What runs is not overwritten, even if the update before this one has failed.
                let kept = committed.and_then(|committed| {
                    let committed = committed.unwrap_or(0);
                    store.keep_beside(committed, &envelope, &manifest, &mut buffer, context)
                });
                match kept {
                    Ok(_) => Ok(Start::Updated(told)),
                    Err(StoreError::Slots(FlashError::PowerLost)) => Ok(Start::PowerLost),
                    Err(error) => Err(error.into()),
                }
            }
            Err(error) => Ok(Start::Refused(format!("{error}; its report says: {told}"))),
        }
    }

    /// What the bootloader does: selects a manifest, checks its image and starts it, without a public-key operation.
    fn boot(&self, board: &mut Board) -> Outcome<(u64, String)> {
        let mut store = ManifestStore::new(board.manifests(), &self.secret);
        let mut state = DeviceState::new(board.state(), &self.secret);
        let mut buffer = vec![0; 8192];
        let name = ManifestName::Default;
        let kept = select_for_start(
            &mut store,
            &mut state,
            &name,
            &self.maker,
            TRIALS,
            &mut buffer,
            &self.context,
        );
        let kept = kept.map_err(|error| format!("{error:?}"))?.ok_or("nothing to start")?;
        let (envelope, manifest) = kept.open(&self.context)?;
        let target = Target {
            components: 2,
            stored: None,
            limits: Limits::DEFAULT,
            readings: Readings::default(),
        };
        let mut processor = Processor::<2, 4>::new(
            &envelope,
            &manifest,
            Procedure::Invoke,
            &target,
            &mut [],
            &self.context,
        )?;
        let nobody = TrustStore::new(&[]);
        let (trust, policy) = (Trust::keys(&nobody), AuthenticationPolicy::ANY_BLOCK);
        let authority = Authority { trust: &trust, policy: &policy };
        suit_manifest::run(&mut processor, board, &authority, &self.context)?;
        Ok((kept.sequence_number(), board.started.take().ok_or("nothing was started")?))
    }

    /// What an image does once it is sure that it works.
    fn confirm(&self, number: u64, board: &Board) -> Outcome<()> {
        DeviceState::new(board.state(), &self.secret).commit(
            &ManifestName::Default,
            &self.maker,
            number,
            &mut vec![0; 8192],
            &self.context,
        )?;
        Ok(())
    }
}

fn main() -> Outcome<()> {
    let path =
        std::env::args_os().nth(1).map_or_else(std::env::current_exe, |path| Ok(path.into()))?;
    let mut new_image = std::fs::read(&path)?;
    new_image.truncate(flash::IMAGE);
    let old_image: Vec<u8> = new_image.iter().rev().copied().collect();
    println!("image: {} bytes of {}", new_image.len(), path.display());

    let random = |bytes: &mut [u8]| getrandom::fill(bytes);
    let (mut scalar, mut other, mut sealing) = ([0; 32], [0; 32], [0; 32]);
    random(&mut scalar)?;
    random(&mut other)?;
    random(&mut sealing)?;
    let (maker, stranger) =
        (P256SigningKey::from_bytes(&scalar)?, P256SigningKey::from_bytes(&other)?);
    let context = Context::new(&RustCrypto);
    let public = maker.public_key();
    let trusted = TrustedKey::new(&public, &context)?;
    let (identity, trusted) = (trusted.identity(), [trusted]);
    let keys = TrustStore::new(&trusted);
    let secret = SecretKey::symmetric(SymmetricKey { k: &sealing, algorithm: None }, &RustCrypto);
    let device = Device { trust: Trust::keys(&keys), maker: identity, secret, context };
    let file = std::env::temp_dir().join(format!("suit-update-{}.flash", std::process::id()));
    let mut board = Board::new(&file)?;

    // The factory.
    board.network = Some(old_image.clone());
    let Start::Updated(_) = device.update(&release(1, &old_image, &maker)?, &mut board)? else {
        return Err("the factory failed".into());
    };
    device.confirm(1, &board)?;
    let (number, slot) = device.boot(&mut board)?;
    println!("factory: manifest {number}, started from slot {slot}");

    // The update, whose power is cut every so many bytes until it is done.
    let update = release(2, &new_image, &maker)?;
    board.network = Some(new_image.clone());
    let mut starts = 0;
    let told = loop {
        starts += 1;
        board.cut_after(new_image.len() / 3 * starts);
        match device.update(&update, &mut board)? {
            Start::PowerLost => {
                board.power_on()?;
                let (number, slot) = device.boot(&mut board)?;
                println!("update: the power went; manifest {number} runs from slot {slot}");
            }
            Start::Updated(told) => break told,
            Start::Refused(reason) => return Err(reason.into()),
        }
    };
    board.power_on()?;
    println!("update: done at start {starts}; the report says: {told}");
    let (number, slot) = device.boot(&mut board)?;
    println!("update: manifest {number} is on trial, started from slot {slot}");
    device.confirm(number, &board)?;

    // What is refused.
    let mut changed = new_image.clone();
    if let Some(byte) = changed.get_mut(new_image.len() / 2) {
        *byte ^= 1;
    }
    let next: Vec<u8> = new_image.iter().map(|byte| byte ^ 0xff).collect();
    let attacks = [
        ("rollback", release(1, &old_image, &maker)?, old_image),
        ("tampered image", release(3, &next, &maker)?, changed),
        ("a stranger's manifest", release(4, &next, &stranger)?, next.clone()),
    ];
    let mut refused = 0;
    for (attack, envelope, served) in attacks {
        board.network = Some(served);
        match device.update(&envelope, &mut board)? {
            Start::Refused(reason) => {
                refused += 1;
                println!("{attack}: refused: {reason}");
            }
            _ => println!("{attack}: ACCEPTED"),
        }
        let (number, slot) = device.boot(&mut board)?;
        println!("{attack}: manifest {number} runs from slot {slot}");
        if number != 2 {
            return Err("another manifest runs".into());
        }
    }
    std::fs::remove_file(&file)?;
    if refused == 3 { Ok(()) } else { Err("an attack was not refused".into()) }
}
