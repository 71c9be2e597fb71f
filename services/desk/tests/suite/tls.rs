//! PostgreSQL over TLS: the server's certificate is checked, and so is its name.

use wayside_desk::{Desk, DeskOptions, PostgresTls};

use crate::common::server::{Certificates, Server};

fn certificates(name: &str) -> Certificates {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut params = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = params.self_signed(&key).expect("an authority");
    let issuer = rcgen::Issuer::from_params(&params, &key);
    let server = rcgen::KeyPair::generate().expect("a key");
    let leaf = rcgen::CertificateParams::new(vec![name.to_owned()]).expect("parameters");
    let certificate = leaf.signed_by(&server, &issuer).expect("a certificate");
    Certificates {
        authority: authority.pem(),
        certificate: certificate.pem(),
        key: server.serialize_pem(),
    }
}

#[test]
fn tls_is_spoken_and_checked() {
    let right = certificates("localhost");
    let Some(server) = Server::start(Some(&right)) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    let url = |host: &str| {
        format!("postgresql://wayside:geheim@{host}:{}/postgres?hostaddr=127.0.0.1", server.port)
    };
    let open = |host: &str, authority: &str| {
        std::fs::write(&file, authority).expect("a file");
        let tls = PostgresTls { ca_file: file.clone(), client_files: None };
        let options = DeskOptions { wait_ms_max: 3_000, ..DeskOptions::default() };
        Desk::postgres(&url(host), Some(&tls), options)
    };
    let desk = open("localhost", &right.authority).expect("a desk");
    desk.verify_audit().expect("it answers");
    let mut errors = Vec::new();
    let other = certificates("localhost").authority;
    errors.push(open("localhost", &other).expect_err("another authority").to_string());
    errors.push(open("elsewhere", &right.authority).expect_err("another name").to_string());
    errors.push(open("localhost", "nothing").expect_err("no certificate").to_string());
    let plain = Desk::postgres(&url("localhost"), None, DeskOptions::default());
    errors.push(plain.expect_err("the server wants TLS").to_string());
    let required = format!("{}&sslmode=require", url("localhost"));
    let plain = Desk::postgres(&required, None, DeskOptions::default());
    errors.push(plain.expect_err("nobody to trust").to_string());
    for error in &errors {
        assert!(error.contains("localhost/postgres") || error.contains("elsewhere/postgres"));
        assert!(!error.contains("geheim"), "{error}");
    }
    assert!(errors[4].contains("needs the file of the authorities"), "{}", errors[4]);
}
