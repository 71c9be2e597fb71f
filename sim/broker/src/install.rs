//! Where Java and Kafka's jars are.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::BrokerError;

const HINT: &str = "scripts/setup.sh kafka";
const JAVA_MIN: u32 = 17;
/// The one place that names the version.
const POM: &str = include_str!("../../../scripts/tools/kafka/pom.xml");

/// What starts a broker.
#[derive(Debug, Clone)]
pub struct Install {
    pub java: PathBuf,
    /// All jars, in the order in which the class archive was written.
    pub class_path: OsString,
    /// Classes as the JVM wants them; it passes over an archive that does not fit.
    pub archive: Option<PathBuf>,
}

/// Looks once a process.
pub fn find() -> Result<&'static Install, BrokerError> {
    static FOUND: OnceLock<Result<Install, String>> = OnceLock::new();
    FOUND
        .get_or_init(look)
        .as_ref()
        .map_err(|what| BrokerError::Missing { what: what.clone(), hint: HINT })
}

fn look() -> Result<Install, String> {
    let java = java_program();
    java_holds(&java)?;
    if run(Path::new("setpriv"), "--version").is_none() {
        return Err("no setpriv in PATH (Debian package util-linux)".to_owned());
    }
    let libs = libs_folder()?;
    let jars = jars(&libs)?;
    let class_path =
        std::env::join_paths(&jars).map_err(|error| format!("{}: {error}", libs.display()))?;
    let archive =
        libs.parent().map(|folder| folder.join("kafka.jsa")).filter(|file| file.is_file());
    Ok(Install { java, class_path, archive })
}

fn java_program() -> PathBuf {
    match std::env::var_os("JAVA_HOME").filter(|home| !home.is_empty()) {
        Some(home) => Path::new(&home).join("bin/java"),
        None => PathBuf::from("java"),
    }
}

fn java_holds(java: &Path) -> Result<(), String> {
    let said = run(java, "-version").ok_or_else(|| format!("no Java as '{}'", java.display()))?;
    match java_version(&said) {
        Some(version) if version >= JAVA_MIN => Ok(()),
        Some(version) => {
            Err(format!("Java {JAVA_MIN} or newer is needed, '{}' is {version}", java.display()))
        }
        None => Err(format!("'{} -version' names no version: {said}", java.display())),
    }
}

/// The main number in `openjdk version "17.0.15" 2025-04-15`.
fn java_version(said: &str) -> Option<u32> {
    let (_, rest) = said.split_once("version \"")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// What a program writes; `None` where it cannot be started.
fn run(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).stdin(Stdio::null()).output().ok()?;
    Some(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn libs_folder() -> Result<PathBuf, String> {
    if let Some(set) = std::env::var_os("WAYSIDE_KAFKA_LIBS").filter(|set| !set.is_empty()) {
        return Ok(PathBuf::from(set));
    }
    let version =
        pinned_version(POM).ok_or("scripts/tools/kafka/pom.xml names no kafka.version")?;
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../.wayside/kafka/{version}/libs"));
    folder.canonicalize().map_err(|_| {
        format!("no jars in .wayside/kafka/{version}/libs, and WAYSIDE_KAFKA_LIBS is not set")
    })
}

fn pinned_version(pom: &str) -> Option<&str> {
    pom.split_once("<kafka.version>")?.1.split_once("</kafka.version>").map(|(version, _)| version)
}

fn jars(libs: &Path) -> Result<Vec<PathBuf>, String> {
    let entries =
        std::fs::read_dir(libs).map_err(|error| format!("{}: {error}", libs.display()))?;
    let mut jars: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jar"))
        .collect();
    jars.sort();
    let is_kafka = |jar: &PathBuf| {
        jar.file_name().is_some_and(|name| name.to_string_lossy().starts_with("kafka_2.13-"))
    };
    if jars.iter().any(is_kafka) {
        Ok(jars)
    } else {
        Err(format!("no kafka_2.13 jar in {}", libs.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::{POM, jars, java_version, pinned_version};

    #[test]
    fn versions_are_read() {
        assert_eq!(java_version("openjdk version \"17.0.15\" 2025-04-15"), Some(17));
        assert_eq!(java_version("Picked up X\njava version \"21\" 2023"), Some(21));
        assert_eq!(java_version("java version \"1.8.0_312\""), Some(1));
        assert_eq!(java_version("sh: java: not found"), None);
        assert!(pinned_version(POM).is_some_and(|version| version.starts_with("4.")));
    }

    #[test]
    fn a_folder_without_kafka_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("other.jar"), b"").expect("a file");
        assert!(jars(folder.path()).is_err_and(|said| said.starts_with("no kafka_2.13 jar in ")));
        assert!(jars(&folder.path().join("none")).is_err());
    }
}
