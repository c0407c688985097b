using Freshet.Disk;

namespace Freshet.Connections;

/// <summary>What a connection shares with others.</summary>
/// <param name="Blocks">Where received blocks go; when there is none, the peer waits.</param>
/// <param name="Reader">Where the bytes of sent blocks come from.</param>
/// <param name="DownloadLimit">The connection's limit on what is received, all bytes counted.</param>
/// <param name="UploadLimit">The connection's limit on what is sent. Control messages count, but never wait.</param>
/// <param name="Time">The clock.</param>
internal sealed record PeerConnectionServices(
    BlockShare Blocks, IBlockReader Reader, RateLimit DownloadLimit, RateLimit UploadLimit, TimeProvider Time);
