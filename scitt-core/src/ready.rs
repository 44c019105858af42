//! Futures that wait for nothing.

use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// The output of a future that waits for synchronous logs only.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}
