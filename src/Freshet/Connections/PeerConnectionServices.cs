using Freshet.Disk;

namespace Freshet.Connections;

/// <summary>What a connection shares with others.</summary>
/// <param name="Blocks">The memory for received blocks; if it is exhausted, the peer waits.</param>
/// <param name="Reader">Reads the blocks that are sent.</param>
/// <param name="DownloadLimit">The connection's limit on all received bytes.</param>
/// <param name="UploadLimit">The connection's limit on sent bytes. Control messages count, but never wait.</param>
/// <param name="Time">The clock.</param>
internal sealed record PeerConnectionServices(
    BlockShare Blocks, IBlockReader Reader, RateLimit DownloadLimit, RateLimit UploadLimit, TimeProvider Time);
