//! Walks every state that a small model can reach.

use std::collections::{HashSet, VecDeque};
use std::fmt::Debug;
use std::hash::Hash;

/// A model: where it starts, what can happen, and what must never.
pub trait Model {
    /// Everything that differs between two states.
    type State: Clone;
    /// What tells two states apart.
    type Key: Eq + Hash;
    /// One thing that can happen.
    type Action: Clone + Debug;

    /// The first state.
    fn start(&self) -> Self::State;

    /// What tells this state from others.
    fn key(&self, state: &Self::State) -> Self::Key;

    /// Everything that can happen in a state.
    fn actions(&self, state: &Self::State) -> Vec<Self::Action>;

    /// The state after an action, or what is broken by it.
    fn next(&self, state: &Self::State, action: &Self::Action) -> Result<Self::State, String>;
}

/// What a walk found.
#[derive(Debug)]
pub struct Explored<A> {
    /// How many states there are.
    pub states: usize,
    /// How many steps were taken.
    pub steps: usize,
    /// The shortest way to something that is broken, and what that is.
    pub broken: Option<(Vec<A>, String)>,
}

/// Walks breadth-first through all states of `model`, or to the first thing that is broken.
///
/// # Panics
/// Beyond `most` states: a model that was not exhausted shows nothing.
pub fn explore<M: Model>(model: &M, most: usize) -> Explored<M::Action> {
    let start = model.start();
    let mut seen = HashSet::from([model.key(&start)]);
    // How each state was reached: by which action from which other.
    let mut ways: Vec<(usize, Option<M::Action>)> = vec![(0, None)];
    let mut waiting = VecDeque::from([(start, 0usize)]);
    let mut steps = 0;
    while let Some((state, at)) = waiting.pop_front() {
        for action in model.actions(&state) {
            steps += 1;
            let next = match model.next(&state, &action) {
                Ok(next) => next,
                Err(broken) => {
                    let way = way_to(&ways, at, action);
                    return Explored { states: ways.len(), steps, broken: Some((way, broken)) };
                }
            };
            if seen.insert(model.key(&next)) {
                assert!(ways.len() < most, "more than {most} states");
                ways.push((at, Some(action)));
                waiting.push_back((next, ways.len() - 1));
            }
        }
    }
    Explored { states: ways.len(), steps, broken: None }
}

fn way_to<A: Clone>(ways: &[(usize, Option<A>)], mut at: usize, last: A) -> Vec<A> {
    let mut way = vec![last];
    while let (before, Some(action)) = &ways[at] {
        way.push(action.clone());
        at = *before;
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two counters, each up to a bound; some sum is forbidden.
    struct Counters(u8, Option<u8>);

    impl Model for Counters {
        type State = (u8, u8);
        type Key = (u8, u8);
        type Action = bool;

        fn start(&self) -> (u8, u8) {
            (0, 0)
        }

        fn key(&self, state: &(u8, u8)) -> (u8, u8) {
            *state
        }

        fn actions(&self, _: &(u8, u8)) -> Vec<bool> {
            vec![false, true]
        }

        fn next(&self, &(a, b): &(u8, u8), second: &bool) -> Result<(u8, u8), String> {
            let next = if *second { (a, (b + 1).min(self.0)) } else { ((a + 1).min(self.0), b) };
            match self.1 {
                Some(sum) if next.0 + next.1 == sum => Err(format!("{next:?}")),
                _ => Ok(next),
            }
        }
    }

    #[test]
    fn all_states_are_walked_once() {
        let explored = explore(&Counters(3, None), 100);
        assert_eq!((explored.states, explored.steps), (16, 32));
        assert!(explored.broken.is_none());
    }

    #[test]
    fn the_shortest_way_is_told() {
        let (way, broken) = explore(&Counters(3, Some(2)), 100).broken.unwrap();
        assert_eq!((way, broken.as_str()), (vec![false, false], "(2, 0)"));
    }

    #[test]
    #[should_panic(expected = "more than 15 states")]
    fn a_model_that_is_not_exhausted_shows_nothing() {
        explore(&Counters(3, None), 15);
    }
}
