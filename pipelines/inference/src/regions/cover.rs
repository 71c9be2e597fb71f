//! Moves and adds regions until people are looked for wherever they can stand.

use wayside_picture::PixelRect;

use super::RegionOptions;
use super::choose::centred_on;
use super::people::PERSON_PX_MIN;
use super::places::Place;
use super::window::Window;
use super::worth::worth;

/// The most regions that are exchanged.
const EXCHANGES_MAX: usize = 8;

/// Whether a person at the place is whole and large enough in the window.
pub(super) fn sees(window: &Window, place: &Place) -> bool {
    window.input_px(place).is_some_and(|height| height >= PERSON_PX_MIN)
}

/// What is to be seen, and by which model.
pub(super) struct Scene<'a> {
    pub(super) windows: &'a [Window],
    pub(super) places: &'a [Place],
    pub(super) people: &'a [Place],
    pub(super) size_px: (u32, u32),
    pub(super) options: RegionOptions<'a>,
}

/// Regions by which a person is seen at every place: first those given are exchanged, as far as
/// `options.people_loss_max` allows, then at most `options.people_count_max` are added, each
/// where it adds most.
pub(super) fn cover(scene: &Scene<'_>, chosen: &[PixelRect]) -> Vec<PixelRect> {
    let mut windows: Vec<Window> = chosen.iter().map(|rect| scene.window(*rect)).collect();
    let total: f64 = scene.places.iter().map(|place| place.weight).sum();
    let loss_max = scene.options.people_loss_max;
    let least = scene.value(&windows) - loss_max * total;
    // Regions that may lose nothing stay exactly as they are.
    for _ in 0..if loss_max > 0.0 { EXCHANGES_MAX } else { 0 } {
        let Some((position, window)) = scene.exchange(&windows, least) else { break };
        windows[position] = window;
    }
    for _ in 0..scene.options.people_count_max {
        let Some(window) = scene.addition(&windows) else { break };
        windows.push(window);
    }
    windows.iter().map(|window| window.rect).collect()
}

impl Scene<'_> {
    fn window(&self, rect: PixelRect) -> Window {
        Window::new(rect, self.size_px, self.options.input_px)
    }

    /// What a window is worth at each place.
    fn worths<'s>(&'s self, window: &'s Window) -> impl Iterator<Item = f64> + 's {
        let found = self.options.found_by_height_px;
        self.places.iter().map(move |place| {
            if window.holds(place) { worth(found, place.height_px(), window.scale) } else { 0.0 }
        })
    }

    /// What the windows are worth at each place.
    fn best_worths(&self, windows: &[Window]) -> Vec<f64> {
        let mut best = vec![0.0_f64; self.places.len()];
        for window in windows {
            best.iter_mut().zip(self.worths(window)).for_each(|(best, new)| *best = best.max(new));
        }
        best
    }

    /// What the windows are worth for vehicles.
    fn value(&self, windows: &[Window]) -> f64 {
        let best = self.best_worths(windows);
        best.iter().zip(self.places).map(|(worth, place)| worth * place.weight).sum()
    }

    /// What the windows would be worth with this one besides.
    fn value_with(&self, have: &[f64], window: &Window) -> f64 {
        let each = have.iter().zip(self.worths(window)).zip(self.places);
        each.map(|((have, new), place)| have.max(new) * place.weight).sum()
    }

    /// People that none of the windows sees.
    fn unseen(&self, windows: &[Window]) -> Vec<&Place> {
        let seen = |place: &&Place| windows.iter().any(|window| sees(window, place));
        self.people.iter().filter(|place| !seen(place)).collect()
    }

    /// The exchange of one window by which most people are seen besides, and by which vehicles do
    /// not fall below the least value; none where there is none.
    fn exchange(&self, windows: &[Window], least: f64) -> Option<(usize, Window)> {
        let now = self.unseen(windows);
        // Only what sees someone unseen can be better.
        let useful: Vec<&Window> = self
            .windows
            .iter()
            .filter(|candidate| now.iter().any(|place| sees(candidate, place)))
            .collect();
        let mut best: Option<((usize, f64), (usize, Window))> = None;
        for position in 0..windows.len() {
            let mut others = windows.to_vec();
            others.remove(position);
            let left = self.unseen(&others);
            let have = self.best_worths(&others);
            for &candidate in &useful {
                let seen = left.iter().filter(|place| sees(candidate, place)).count();
                let unseen = left.len() - seen;
                if unseen >= best.map_or(now.len(), |((fewest, _), _)| fewest + 1) {
                    continue;
                }
                let value = self.value_with(&have, candidate);
                let better = best.is_none_or(|((fewest, most), _)| {
                    unseen < fewest || (unseen == fewest && value > most)
                });
                if value >= least && better {
                    best = Some(((unseen, value), (position, *candidate)));
                }
            }
        }
        best.map(|(_, exchange)| exchange)
    }

    /// The window by which most people are seen besides, and of equals the one that is worth most
    /// for vehicles; none where all are seen that can be.
    fn addition(&self, windows: &[Window]) -> Option<Window> {
        let left = self.unseen(windows);
        if left.is_empty() {
            return None;
        }
        let have = self.best_worths(windows);
        let mut best: Option<((usize, f64), &Window)> = None;
        for candidate in self.windows {
            let seen = left.iter().filter(|place| sees(candidate, place)).count();
            if seen == 0 || seen < best.map_or(0, |((most, _), _)| most) {
                continue;
            }
            let value = self.value_with(&have, candidate);
            let better = best
                .is_none_or(|((most, worth), _)| seen > most || (seen == most && value > worth));
            if better {
                best = Some(((seen, value), candidate));
            }
        }
        let (_, best) = best?;
        let people = left.into_iter().filter(|place| sees(best, place));
        let vehicles = self.places.iter().filter(|place| best.holds(place));
        let moved = self.window(centred_on(best.rect, people.chain(vehicles), self.size_px));
        Some(moved)
    }
}
