//! The rules of TEEP over HTTP, and what a broker does.

use teep_msg::{
    AgentCall, AgentData, Broker, BrokerStep, TamDirectory,
    http::{
        ClientRequest, FORBIDDEN_HEADERS, HttpFailure, MEDIA_TYPE, MediaTypes, PROTECTIVE_HEADERS,
        Received, ServerCall, ServerResponse, check_uri, receive, serve,
    },
};

const URI: &str = "https://tam.example/teep";

fn started(broker: &mut Broker<2>) -> teep_msg::BrokerSession {
    let data = AgentData { tam_uri: Some(URI), message: None };
    match broker.start(&data).unwrap() {
        BrokerStep::Post(session, _) => session,
        BrokerStep::Done => panic!("nothing to send"),
    }
}

#[test]
fn th1_requests_are_post() {
    assert_eq!(ClientRequest::start().method, "POST");
    for method in ["GET", "PUT", "post", ""] {
        let answer = serve(method, Some(MEDIA_TYPE), Some(MEDIA_TYPE), b"m").unwrap_err();
        assert_eq!(answer.status, 405, "{method}");
    }
}

#[test]
fn th2_a_redirect_is_a_failure() {
    for status in [301, 302, 307, 308] {
        let received = receive(status, Some(MEDIA_TYPE), b"m", MediaTypes::Registered);
        assert_eq!(received, Received::Failed(HttpFailure::Redirect(status)));
    }
}

#[test]
fn th3_no_header_of_ours_is_a_cookie() {
    let ours = PROTECTIVE_HEADERS.map(|(name, _)| name);
    assert!(FORBIDDEN_HEADERS.iter().all(|forbidden| !ours.contains(forbidden)));
    assert_eq!(FORBIDDEN_HEADERS, ["Cookie", "Set-Cookie"]);
}

#[test]
fn th4_a_session_starts_with_an_empty_post_without_content_type() {
    let mut broker = Broker::<2>::new(MediaTypes::Registered);
    let data = AgentData { tam_uri: Some(URI), message: None };
    let BrokerStep::Post(_, request) = broker.start(&data).unwrap() else { panic!() };
    assert_eq!((request.accept, request.content_type, request.body), (MEDIA_TYPE, None, &[][..]));
    assert_eq!(serve("POST", None, Some(MEDIA_TYPE), b""), Ok(ServerCall::Connect));
    // An Agent that has a message already starts with it.
    let data = AgentData { tam_uri: Some("https://b.example"), message: Some(b"m") };
    let BrokerStep::Post(_, request) = broker.start(&data).unwrap() else { panic!() };
    assert_eq!(request, ClientRequest::message(b"m"));
}

#[test]
fn th5_messages_go_with_accept_and_content_type() {
    let request = ClientRequest::message(b"m");
    assert_eq!((request.accept, request.content_type), (MEDIA_TYPE, Some(MEDIA_TYPE)));
    let call = serve("POST", request.content_type, Some(request.accept), request.body);
    assert_eq!(call, Ok(ServerCall::Message(b"m")));
}

#[test]
fn th6_the_uri_is_the_one_that_the_agent_returns() {
    let mut broker = Broker::<2>::new(MediaTypes::Registered);
    let session = started(&mut broker);
    assert_eq!(broker.uri(session), Some(URI));
    let other = "https://other.example/teep";
    let data = AgentData { tam_uri: Some(other), message: Some(b"m") };
    let BrokerStep::Post(same, _) = broker.go_on(session, &data).unwrap() else { panic!() };
    assert_eq!((same, broker.uri(session)), (session, Some(other)));
}

#[test]
fn th7_an_empty_response_ends_the_session_and_any_other_goes_to_the_agent() {
    let mut broker = Broker::<2>::new(MediaTypes::Registered);
    let session = started(&mut broker);
    let call = broker.receive(session, 200, Some(MEDIA_TYPE), b"m");
    assert_eq!(call, Some(AgentCall::ProcessTeepMessage(b"m")));
    // The Agent passes nothing back: done as well.
    assert_eq!(broker.go_on(session, &AgentData::default()).unwrap(), BrokerStep::Done);
    assert_eq!(broker.uri(session), None);
    for status in [200, 204] {
        let session = started(&mut broker);
        assert_eq!(broker.receive(session, status, None, b""), None);
        assert_eq!(broker.uri(session), None);
    }
}

#[test]
fn th8_a_failure_goes_to_the_agent_and_ends_the_session() {
    let mut broker = Broker::<2>::new(MediaTypes::Registered);
    for (status, failure) in [(500, HttpFailure::Status(500)), (302, HttpFailure::Redirect(302))] {
        let session = started(&mut broker);
        let call = broker.receive(session, status, None, b"");
        assert_eq!(call, Some(AgentCall::ProcessError(failure)));
        assert_eq!(broker.uri(session), None);
    }
    let session = started(&mut broker);
    broker.failed(session, HttpFailure::Transport);
    assert_eq!(broker.uri(session), None);
}

#[test]
fn th9_a_server_refuses_other_media_types() {
    let status =
        |content_type, accept| serve("POST", content_type, accept, b"m").unwrap_err().status;
    assert_eq!(status(Some("application/json"), Some(MEDIA_TYPE)), 415);
    assert_eq!(status(None, Some(MEDIA_TYPE)), 415);
    assert_eq!(status(Some(MEDIA_TYPE), None), 406);
    assert_eq!(status(Some(MEDIA_TYPE), Some("text/html")), 406);
    let odd =
        serve("POST", Some("Application/TEEP+cbor; x=1"), Some("a/b, application/teep+cbor"), b"m");
    assert_eq!(odd, Ok(ServerCall::Message(b"m")));
    for range in ["*/*", "text/html, application/*; q=0.5"] {
        let call = serve("POST", Some(MEDIA_TYPE), Some(range), b"m");
        assert_eq!(call, Ok(ServerCall::Message(b"m")), "{range}");
    }
}

#[test]
fn th10_nothing_to_say_is_204_without_a_body() {
    let response = ServerResponse::of(b"");
    assert_eq!((response.status, response.content_type, response.body), (204, None, &[][..]));
}

#[test]
fn th11_a_message_is_200_with_its_media_type_and_a_failure_5xx() {
    let response = ServerResponse::of(b"m");
    assert_eq!((response.status, response.content_type), (200, Some(MEDIA_TYPE)));
    assert_eq!(ServerResponse::failure().status, 500);
    // A server in the field says application/teep+cose; that is taken where it is asked for.
    let cose = Some("application/teep+cose");
    let strict = receive(200, cose, b"m", MediaTypes::Registered);
    assert_eq!(strict, Received::Failed(HttpFailure::MediaType));
    assert_eq!(receive(200, cose, b"m", MediaTypes::AlsoCose), Received::Message(b"m"));
}

#[test]
fn th12_responses_have_protective_headers() {
    let expected = [
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'"),
        ("Referrer-Policy", "no-referrer"),
    ];
    assert_eq!(PROTECTIVE_HEADERS, expected);
}

#[test]
fn th13_only_https_is_a_uri_of_a_tam() {
    check_uri("https://tam.example/").unwrap();
    check_uri("HTTPS://tam.example/").unwrap();
    for uri in ["http://tam.example/", "https://", "", "ftp://tam.example", "httpsé://x"] {
        assert_eq!(check_uri(uri).unwrap_err().rule().unwrap().id, "TH13", "{uri}");
    }
}

#[test]
fn th14_policy_checks_come_due_again() {
    let mut tams = TamDirectory::new([URI], 3600);
    assert_eq!(tams.next_policy_check(), Some(0));
    assert_eq!(tams.request_policy_check(1000), Some(URI));
    assert_eq!(tams.next_policy_check(), Some(4600));
    assert_eq!(tams.request_policy_check(4599), None);
    assert_eq!(tams.request_policy_check(4600), Some(URI));
}

#[test]
fn tm44_policy_checks_name_one_tam_a_call_until_none_is_left() {
    let mut tams = TamDirectory::new(["https://a.example", "https://b.example"], 60);
    assert_eq!(tams.request_policy_check(5), Some("https://a.example"));
    assert_eq!(tams.request_policy_check(5), Some("https://b.example"));
    assert_eq!(tams.request_policy_check(5), None);
}

#[test]
fn tm43_an_installed_component_needs_no_tam() {
    let mut tams = TamDirectory::new(["https://a.example", "https://b.example"], 60);
    assert_eq!(tams.request_ta(true, None, 5), None);
    assert_eq!(tams.request_ta(false, None, 5), Some("https://a.example"));
    assert_eq!(tams.request_ta(false, Some("https://b.example"), 5), Some("https://b.example"));
    assert_eq!(tams.request_ta(false, Some("https://evil.example"), 5), None);
    assert_eq!(tams.unrequest_ta(true, None, 5), Some("https://a.example"));
    assert_eq!(tams.unrequest_ta(false, None, 5), None);
}

#[test]
fn one_session_for_each_tam_and_no_more_than_there_is_room_for() {
    let mut broker = Broker::<2>::new(MediaTypes::Registered);
    let first = started(&mut broker);
    assert_eq!(started(&mut broker), first);
    let _second =
        broker.start(&AgentData { tam_uri: Some("https://b.example"), message: None }).unwrap();
    let third = AgentData { tam_uri: Some("https://c.example"), message: None };
    let error = broker.start(&third).unwrap_err();
    assert_eq!(error.to_string(), "too many sessions");
    let long = format!("https://{}.example", "x".repeat(300));
    assert!(
        Broker::<1>::new(MediaTypes::Registered)
            .start(&AgentData { tam_uri: Some(&long), message: None })
            .is_err()
    );
}
