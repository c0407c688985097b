using System.Text.Json;
using System.Text.Json.Nodes;
using Freshet.Api;

namespace Freshet.Daemon.Http;

/// <summary>Examples of what is sent, for the description of the API.</summary>
internal static class Examples
{
    private const string Hash = "c9e15763f722f23e98a29decdfae341b98d53056";
    private static readonly DateTimeOffset Time = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly TorrentItem Torrent = new()
    {
        Hash = Hash,
        Name = "debian-13.1.0-amd64-netinst.iso",
        State = StateCode.Downloading,
        Reason = null,
        Why = "Downloading from 12 of 40 peers.",
        Progress = 0.25,
        Size = 821_755_904,
        Left = 616_316_928,
        Downloaded = 205_438_976,
        Uploaded = 1_048_576,
        Wasted = 0,
        Ratio = 0.0051,
        DownloadRate = 8_600_000,
        UploadRate = 20_000,
        Eta = 72,
        Peers = 40,
        Seeds = 31,
        KnownPeers = 160,
        SwarmSeeders = 1_200,
        SwarmLeechers = 35,
        HasMetadata = true,
        Pieces = 3_135,
        PiecesHave = 783,
        Labels = ["linux"],
        Category = "iso",
        Trackers = ["bttracker.debian.org"],
        TrackerError = null,
        Folder = "/data",
        Sequential = false,
        Forced = false,
        Order = 1,
        QueuedBehind = null,
        SeedLimit = null,
        AddedAt = Time,
        CompletedAt = null,
    };

    /// <summary>An example of a type, or null if its schema says enough.</summary>
    public static JsonNode? Of(Type type) => type.Name switch
    {
        nameof(TorrentItem) => JsonSerializer.SerializeToNode(Torrent, JsonContext.Default.TorrentItem),
        nameof(TorrentPage) => JsonSerializer.SerializeToNode(
            new TorrentPage { Total = 1, Offset = 0, Torrents = [Torrent] }, JsonContext.Default.TorrentPage),
        nameof(AddTorrent) => new JsonObject { ["source"] = "magnet:?xt=urn:btih:" + Hash, ["labels"] = new JsonArray("linux") },
        nameof(CreateTorrent) => new JsonObject { ["path"] = "films", ["private"] = true, ["seed"] = true },
        nameof(InspectTorrent) => new JsonObject { ["source"] = "magnet:?xt=urn:btih:" + Hash },
        nameof(TorrentChange) => new JsonObject { ["addLabels"] = new JsonArray("linux"), ["maxUploadRate"] = 1_048_576 },
        nameof(BulkRequest) => new JsonObject { ["action"] = "stop", ["hashes"] = new JsonArray(Hash) },
        nameof(BulkResult) => JsonSerializer.SerializeToNode(
            new BulkResult { Done = 1, Pending = 0, Failures = [] }, JsonContext.Default.BulkResult),
        nameof(FileChange) => new JsonObject { ["files"] = new JsonArray(0, 1), ["priority"] = "skip" },
        nameof(FileRename) => new JsonObject { ["path"] = "folder/other.bin" },
        nameof(FolderRename) => new JsonObject { ["folder"] = "album/cd1", ["path"] = "album/Disc 1" },
        nameof(QueueRequest) => new JsonObject { ["move"] = "top" },
        nameof(MoveTorrent) => new JsonObject { ["folder"] = "films" },
        nameof(AddPeers) => new JsonObject { ["peers"] = new JsonArray("192.0.2.1:6881", "[2001:db8::1]:6881") },
        nameof(SessionChange) => new JsonObject { ["alternativeLimits"] = true, ["maxConnections"] = 200, ["seedRatio"] = 2 },
        nameof(Login) => new JsonObject { ["token"] = "yY3Kp0wq5l6mX2v8bZrT1sNfGhJcQeUaDiOo7LkM9nE" },
        _ => null,
    };
}
