//! What stands before the machines: HTTP, the broker, the directory of TAMs, and tables of sessions.

use fuzz::Chosen;
use teep_msg::http::{
    ClientRequest, HttpFailure, MEDIA_TYPE, MediaTypes, Received, ServerCall, ServerResponse,
    check_uri, receive, serve,
};
use teep_msg::{
    AgentCall, AgentData, AgentSessions, Broker, BrokerStep, SeenUpdates, TamDirectory, Token,
    UpdateCache,
};

use crate::refused;

const TAMS: [&str; 3] = ["https://a.example", "https://b.example", "https://c.example"];
const TYPES: [Option<&str>; 6] = [
    Some(MEDIA_TYPE),
    Some("Application/TEEP+CBOR; a=b"),
    Some("application/teep+cose"),
    Some("text/plain"),
    Some("*/*, text/plain"),
    None,
];

pub fn check(chosen: &mut Chosen<'_>) {
    match chosen.byte() % 4 {
        0 => http(chosen),
        1 => broker(chosen),
        2 => sessions(chosen),
        _ => directory(chosen),
    }
}

fn http(chosen: &mut Chosen<'_>) {
    for uri in [
        "https://tam.example",
        "HTTPS://t",
        "http://tam.example",
        "https://",
        "",
        "\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}",
    ] {
        let checked = check_uri(uri);
        assert_eq!(checked.is_ok(), uri.len() > 8 && uri.to_lowercase().starts_with("https://"));
        checked.err().iter().for_each(refused);
    }
    let body = chosen.one_of([&b""[..], b"message"]);
    let (method, content_type) = (chosen.one_of(["POST", "POST", "GET"]), chosen.one_of(TYPES));
    let served = serve(method, content_type, chosen.one_of(TYPES), body);
    match served {
        Ok(ServerCall::Connect) => assert!(body.is_empty() && method == "POST"),
        Ok(ServerCall::Message(message)) => assert_eq!((message, method), (body, "POST")),
        Err(response) => {
            assert!([405, 406, 415].contains(&response.status) && response.body.is_empty())
        }
    }
    // What a server answers a client takes, and what neither of them says is an error of transport.
    let answer = chosen.one_of([ServerResponse::of(body), ServerResponse::failure()]);
    let received = receive(answer.status, answer.content_type, answer.body, MediaTypes::default());
    match received {
        Received::Message(message) => assert_eq!((message, answer.status), (body, 200)),
        Received::Done => assert_eq!((body.len(), answer.status), (0, 204)),
        Received::Failed(HttpFailure::Status(status)) => assert_eq!(status, 500),
        Received::Failed(failure) => panic!("{failure:?}"),
    }
    let status = chosen.one_of([200, 204, 301, 404, 500, 100]);
    let types = chosen.one_of([MediaTypes::Registered, MediaTypes::AlsoCose]);
    if let Received::Message(message) = receive(status, content_type, body, types) {
        assert!(status / 100 == 2 && message == body && content_type.is_some());
    }
    assert_eq!(ClientRequest::message(body).body, body);
    assert!(ClientRequest::start().body.is_empty());
}

/// Who has a session is posted to, and who failed has none.
fn broker(chosen: &mut Chosen<'_>) {
    let mut broker = Broker::<2, 24>::new(MediaTypes::Registered);
    let mut open = Vec::new();
    for _ in 0..8 {
        let tam_uri = chosen.one_of([
            Some(TAMS[0]),
            Some(TAMS[1]),
            Some(TAMS[2]),
            None,
            Some("https://a-very-long-name.example"),
        ]);
        let message = chosen.one_of([None, Some(&b"message"[..])]);
        let data = AgentData { tam_uri, message };
        let session = open.get(usize::from(chosen.byte()) % 3).copied();
        match (chosen.byte() % 4, session) {
            (0, Some(session)) => match broker.go_on(session, &data) {
                Ok(BrokerStep::Post(at, request)) => {
                    assert!(at == session && request == ClientRequest::message(b"message"));
                }
                Ok(BrokerStep::Done) => {
                    assert!(message.is_none() && broker.uri(session).is_none());
                    open.retain(|it| *it != session);
                }
                Err(error) => refused(&error),
            },
            (1, Some(session)) => {
                let call = broker.receive(session, 200, Some(MEDIA_TYPE), b"answer");
                assert_eq!(call, Some(AgentCall::ProcessTeepMessage(b"answer")));
            }
            (2, Some(session)) => {
                let status = chosen.one_of([204, 500, 302]);
                let call = broker.receive(session, status, None, b"");
                assert_eq!(call.is_none(), status == 204);
                assert!(broker.uri(session).is_none());
                open.retain(|it| *it != session);
            }
            _ => match broker.start(&data) {
                Ok(BrokerStep::Post(session, request)) => {
                    assert_eq!(
                        (broker.uri(session), request.body.is_empty()),
                        (tam_uri, message.is_none())
                    );
                    if !open.contains(&session) {
                        open.push(session);
                    }
                }
                Ok(BrokerStep::Done) => assert!(tam_uri.is_none()),
                Err(error) => {
                    assert!(open.len() == 2 || tam_uri.is_some_and(|uri| uri.len() > 24));
                    refused(&error);
                }
            },
        }
        assert!(open.len() <= 2);
    }
}

/// Tables of a few entries beside a list: the oldest one goes.
fn sessions(chosen: &mut Chosen<'_>) {
    let (mut sessions, mut list) = (AgentSessions::<3>::new(), Vec::<Vec<u8>>::new());
    let (mut seen, mut kept) = (UpdateCache::<3>::default(), Vec::<[u8; 32]>::new());
    for _ in 0..12 {
        let handle = vec![chosen.byte() % 6; 8 + usize::from(chosen.byte() % 2)];
        let is_known = list.contains(&handle);
        list.retain(|known| *known != handle);
        if chosen.byte() % 4 == 0 {
            sessions.remove(&handle);
        } else {
            let pushed_out = sessions.insert(&handle).expect("a short handle");
            list.push(handle);
            let oldest = (list.len() > 3 && !is_known).then(|| list.remove(0));
            assert_eq!(pushed_out.as_ref().map(Token::as_bytes), oldest.as_deref());
        }
        assert!(sessions.handles().eq(list.iter().map(|handle| &handle[..])));
        let mut out = [0; 128];
        let state = sessions.write_state(&mut out).expect("short enough").to_vec();
        let again = AgentSessions::<3>::read_state(&state).expect("as it was written");
        assert!(again.handles().eq(sessions.handles()));
        let small = AgentSessions::<1>::read_state(&state);
        assert_eq!(small.is_err(), list.len() > 1);
        small.err().iter().for_each(refused);
        refused(&AgentSessions::<3>::read_state(&state[1..]).expect_err("it is cut"));

        let digest = [1 + chosen.byte() % 6; 32];
        if !seen.has(&digest) {
            seen.insert(&digest);
            kept.push(digest);
        }
        let from = kept.len().saturating_sub(3);
        assert!(seen.digests().eq(&kept[from..]), "from the oldest on");
        let restored = UpdateCache::<3>::restore(seen.digests()).expect("as many");
        assert!(restored.digests().eq(seen.digests()));
        let small = UpdateCache::<1>::restore(seen.digests());
        assert_eq!(small.is_err(), seen.digests().count() > 1);
    }
    refused(&sessions.insert(&[]).expect_err("no handle"));
    assert!(AgentSessions::<0>::default().insert(&[7; 8]).is_ok_and(|out| out.is_some()));
}

/// The directory never names a TAM that it does not have, and one that was met is not due.
fn directory(chosen: &mut Chosen<'_>) {
    let period = 10;
    let mut directory = TamDirectory::new(TAMS, period);
    let mut now = 0;
    for _ in 0..8 {
        now += u64::from(chosen.byte() % 8);
        let proposed = chosen.one_of([None, Some(TAMS[1]), Some("https://d.example")]);
        let is_installed = chosen.byte() % 2 == 0;
        let found = match chosen.byte() % 3 {
            0 => directory.request_ta(is_installed, proposed, now),
            1 => directory.unrequest_ta(!is_installed, proposed, now),
            _ => {
                let due = directory.next_policy_check().expect("it has TAMs") <= now;
                let found = directory.request_policy_check(now);
                assert_eq!(found.is_some(), due);
                continue;
            }
        };
        let is_known = proposed.is_none_or(|uri| TAMS.contains(&uri));
        assert_eq!(found, (!is_installed && is_known).then_some(proposed.unwrap_or(TAMS[0])));
    }
    assert_eq!(TamDirectory::new([], 1).next_policy_check(), None);
}
