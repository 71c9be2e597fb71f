//! Frees the extents of tensors that an ONNX file fixes, without touching anything else in it.
//!
//! Field numbers are those of `onnx.proto` (ONNX 1.17): a model has a graph (7); a graph has inputs (11) and
//! outputs (12); each has a name (1) and a type (2) with a tensor type (1) with a shape (2) of dimensions (1),
//! each a number (1) or a name (2).

/// Names of the extents that become free: number of pictures, and two that differ between tensors.
const BATCH: &[u8] = b"batch";

/// The model with free extents (all but the channels) of the tensors of these names; none where one of them is
/// not there with four extents, or the bytes are no model.
pub(super) fn free(model: &[u8], tensors: &[&str]) -> Option<Vec<u8>> {
    let mut freed = 0;
    let model = rewrite(model, &mut |field, graph| match field {
        7 => rewrite(graph, &mut |field, value| match field {
            11 | 12 if tensors.iter().any(|name| is_named(value, name)) => {
                freed += 1;
                free_value(value, freed).map(Some)
            }
            _ => Some(None),
        })
        .map(Some),
        _ => Some(None),
    })?;
    (freed == tensors.len()).then_some(model)
}

fn free_value(value: &[u8], number: usize) -> Option<Vec<u8>> {
    let mut extents = 0;
    let free = rewrite(value, &mut |field, kind| match field {
        2 => rewrite(kind, &mut |field, tensor| match field {
            1 => rewrite(tensor, &mut |field, shape| match field {
                2 => free_shape(shape, number, &mut extents).map(Some),
                _ => Some(None),
            })
            .map(Some),
            _ => Some(None),
        })
        .map(Some),
        _ => Some(None),
    })?;
    (extents == 4).then_some(free)
}

fn free_shape(shape: &[u8], number: usize, extents: &mut usize) -> Option<Vec<u8>> {
    rewrite(shape, &mut |field, _| {
        if field != 1 {
            return Some(None);
        }
        *extents += 1;
        let name = match *extents {
            1 => BATCH.to_vec(),
            2 => return Some(None),
            extent => format!("side_{number}_{extent}").into_bytes(),
        };
        let mut dimension = vec![2 << 3 | 2];
        varint(&mut dimension, name.len() as u64);
        dimension.extend(name);
        Some(Some(dimension))
    })
}

fn is_named(value: &[u8], name: &str) -> bool {
    let mut found = false;
    let read = rewrite(value, &mut |field, content| {
        found |= field == 1 && content == name.as_bytes();
        Some(None)
    });
    read.is_some() && found
}

/// Takes what a length-delimited field holds; gives what takes its place, or none where it stays.
type Change<'a> = dyn FnMut(u64, &[u8]) -> Option<Option<Vec<u8>>> + 'a;

/// A message with some of its length-delimited fields changed; all other bytes stay. None where it is no
/// message, or a change fails.
fn rewrite(message: &[u8], change: &mut Change<'_>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(message.len() + 64);
    let mut rest = message;
    while !rest.is_empty() {
        let before = rest;
        let tag = read_varint(&mut rest)?;
        match tag & 7 {
            0 => {
                read_varint(&mut rest)?;
            }
            1 => rest = rest.get(8..)?,
            5 => rest = rest.get(4..)?,
            2 => {
                let length = usize::try_from(read_varint(&mut rest)?).ok()?;
                let (content, after) = rest.split_at_checked(length)?;
                rest = after;
                if let Some(changed) = change(tag >> 3, content)? {
                    varint(&mut out, tag);
                    varint(&mut out, changed.len() as u64);
                    out.extend(changed);
                    continue;
                }
            }
            _ => return None,
        }
        out.extend_from_slice(before.get(..before.len() - rest.len())?);
    }
    Some(out)
}

fn read_varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tiny_onnx::{Value, model, node};

    fn fixed() -> Vec<u8> {
        let (x, y) = (Value::new("x", &[10, 3, 32, 32]), Value::new("y", &[10, 3, 32, 32]));
        model(&[node("Add", &["x", "x"], "y")], &[x], &[y], &[])
    }

    #[test]
    fn extents_are_freed_and_the_rest_stays() {
        let freed = free(&fixed(), &["x", "y"]).expect("a model");
        let text = String::from_utf8_lossy(&freed);
        for name in ["batch", "side_1_3", "side_1_4", "side_2_3", "side_2_4", "Add", "tiny"] {
            assert!(text.contains(name), "{name}");
        }
        assert_eq!(free(&fixed(), &["x", "z"]), None);
        assert_eq!(free(&freed, &["x"]).map(|again| again.len()), Some(freed.len()));
        let flat = Value::new("x", &[10, 3]);
        let flat = model(&[], &[flat], &[], &[]);
        assert_eq!(free(&flat, &["x"]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_end_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60), at in 0usize..60) {
            let _ = free(&bytes, &["x"]);
            let mut broken = fixed();
            let at = at.min(broken.len() - 1);
            broken.splice(at.., bytes);
            let _ = free(&broken, &["x", "y"]);
        }
    }
}
