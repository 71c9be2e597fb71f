//! A picture at half size: luma as means of 2 x 2 pixels, chrominance as it comes in 4:2:0.

use wayside_picture::Picture;

/// Three planes of the same size, `width` x `height` bytes each.
#[derive(Clone, Debug)]
pub(super) struct Half {
    pub width: usize,
    pub height: usize,
    pub y: Vec<u8>,
    pub u: Vec<u8>,
    pub v: Vec<u8>,
}

impl Half {
    pub(super) fn of(picture: &Picture) -> Self {
        let stride = picture.width as usize;
        let (width, height) = (stride / 2, picture.height as usize / 2);
        let mut y = Vec::with_capacity(width * height);
        for rows in picture.y.chunks_exact(2 * stride) {
            let (upper, lower) = rows.split_at(stride);
            y.extend(upper.chunks_exact(2).zip(lower.chunks_exact(2)).map(|(a, b)| {
                let sum = u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]);
                ((sum + 2) / 4) as u8
            }));
        }
        Self { width, height, y, u: picture.u.to_vec(), v: picture.v.to_vec() }
    }
}
