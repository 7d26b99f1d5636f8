//! A way to a server that can be cut in the middle of a commit: before it arrives, or after it was
//! carried out and before its answer comes back.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

/// Where the next commit is cut off.
#[derive(Clone, Copy)]
pub enum Cut {
    Nowhere = 0,
    Before = 1,
    After = 2,
}

/// The way.
pub struct Proxy {
    cut: Arc<AtomicU8>,
    folder: tempfile::TempDir,
}

impl Proxy {
    /// To the server whose socket lies in `to`.
    pub fn start(to: &Path) -> std::io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let listener = UnixListener::bind(socket(folder.path()))?;
        let cut = Arc::new(AtomicU8::new(0));
        let (target, armed) = (socket(to), Arc::clone(&cut));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, target.clone(), Arc::clone(&armed)));
            }
        });
        Ok(Self { cut, folder })
    }

    /// The folder of its socket.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Cuts the next commit off, once.
    pub fn cut_next(&self, cut: Cut) {
        self.cut.store(cut as u8, Ordering::SeqCst);
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join(".s.PGSQL.5432")
}

/// Carries octets both ways until one side ends or the way is cut.
async fn carry(mut client: UnixStream, target: PathBuf, armed: Arc<AtomicU8>) {
    let Ok(mut server) = UnixStream::connect(target).await else { return };
    let (mut up, mut down) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let Ok(count @ 1..) = read else { return };
                let is_commit = up[..count].windows(7).any(|window| window == b"COMMIT\0");
                let cut = if is_commit { armed.swap(0, Ordering::SeqCst) } else { 0 };
                if cut == Cut::Before as u8 || server.write_all(&up[..count]).await.is_err() {
                    return;
                }
                if cut == Cut::After as u8 {
                    // The answer says that it was carried out; nobody hears it.
                    let _ = server.read(&mut down).await;
                    return;
                }
            }
            read = server.read(&mut down) => {
                let Ok(count @ 1..) = read else { return };
                if client.write_all(&down[..count]).await.is_err() {
                    return;
                }
            }
        }
    }
}
