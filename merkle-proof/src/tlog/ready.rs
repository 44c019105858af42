//! Synchronous stores are asynchronous ones that never wait, so the order of writes is written down
//! once.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

/// The output of a future that waits for synchronous stores only.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}
