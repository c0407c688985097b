using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Tests.Transfers;

/// <summary>Statuses as the engine would report them.</summary>
internal static class TorrentStatuses
{
    /// <summary>A torrent that downloads 2 MiB/s; its info-hash is made from its name.</summary>
    public static TorrentStatus Of(string name, double progress = 0.25, TorrentState state = TorrentState.Downloading) => new()
    {
        InfoHash = HashOf(name),
        Name = name,
        State = state,
        Why = "Downloading from 3 of 3 peers.",
        Progress = progress,
        PiecesHave = 1,
        PieceCount = 10,
        Left = ByteSize.FromMiB(10),
        Downloaded = ByteSize.FromMiB(1),
        Uploaded = default,
        Wasted = default,
        DownloadRate = new DataRate(2 * 1024 * 1024),
        UploadRate = default,
        Peers = 3,
        Seeds = 1,
        KnownPeers = 3,
        Eta = TimeSpan.FromSeconds(5),
    };

    /// <summary>A torrent for which nothing moves.</summary>
    public static TorrentStatus Still(string name, TorrentState state, string? reason = null) =>
        Of(name, 0.5, state) with { DownloadRate = default, Eta = null, Reason = reason, Peers = 0, Seeds = 0 };

    private static InfoHash HashOf(string name)
    {
        byte[] hash = System.Security.Cryptography.SHA1.HashData(System.Text.Encoding.UTF8.GetBytes(name));
        return InfoHash.TryParseHex(Convert.ToHexString(hash), out InfoHash parsed) ? parsed : throw new InvalidOperationException();
    }
}
