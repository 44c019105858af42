//! A TAM moves between threads and lives as long as it likes: it stores no reference, to crypto
//! least of all. A `Context` need not be `Send`; each thread has its own.

use std::thread;

use stubs::teep_poll::{Output, Tam};

/// Does not compile for a machine that borrows, or that holds a `&dyn Provider`.
const fn moves_and_lives<T: Send + 'static>() {}
const _: () = moves_and_lives::<Tam>();

#[test]
fn a_session_goes_on_in_another_thread() {
    let mut tam = Tam::new([7; 16]);
    let asked = matches!(tam.poll(&mut [0; 64]), Ok(Output::Sign { .. }));
    let answered = thread::spawn(move || tam.signed(&[1; 64], &mut [0; 256]).is_ok()).join();
    assert!(asked && matches!(answered, Ok(true)));
}
