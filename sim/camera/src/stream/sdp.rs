//! The session description (RFC 8866) that answers DESCRIBE.

use std::net::IpAddr;

use crate::clip::{Clip, RTP_HZ};

/// The description of the one stream. `session` differs from server start to server start.
pub(crate) fn sdp(clip: &Clip, address: IpAddr, session: u64) -> String {
    let family = if address.is_ipv4() { "IP4" } else { "IP6" };
    let unspecified = if address.is_ipv4() { "0.0.0.0" } else { "::" };
    let media = &clip.media;
    let payload_type = media.payload_type;
    let mut lines = vec![
        "v=0".to_owned(),
        format!("o=- {session} 1 IN {family} {address}"),
        "s=Wayside camera".to_owned(),
        format!("c=IN {family} {unspecified}"),
        "t=0 0".to_owned(),
        "a=tool:wayside".to_owned(),
        "a=type:broadcast".to_owned(),
        "a=control:*".to_owned(),
        "a=range:npt=now-".to_owned(),
        format!("m=video 0 RTP/AVP {payload_type}"),
        format!("a=rtpmap:{payload_type} {}/{RTP_HZ}", media.encoding),
    ];
    if !media.fmtp.is_empty() {
        lines.push(format!("a=fmtp:{payload_type} {}", media.fmtp));
    }
    if !media.attributes.iter().any(|(name, _)| name == "framerate") {
        lines.push(format!("a=framerate:{:.3}", clip.fps()));
    }
    for (name, value) in &media.attributes {
        lines.push(format!("a={name}:{value}"));
    }
    lines.push("a=control:track0".to_owned());
    lines.join("\r\n") + "\r\n"
}
