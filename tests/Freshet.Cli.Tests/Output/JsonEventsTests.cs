using System.Net;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Tests.Output;

/// <summary>The lines that scripts rely on, member by member, as docs/cli.md has them.</summary>
public class JsonEventsTests
{
    private const string Downloading = """
        "state":"downloading","reason":null
        """;

    private const string Rates = """
        "downloaded":1024,"uploaded":7,"wasted":5,"downloadRate":2000,"uploadRate":3,"peers":5,"seeds":1
        """;

    private const string Why = """
        "why":"Why.","whyCode":"stopped","availability":null,"copies":null
        """;

    private const string Hex = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private readonly CapturedStreams _streams = new();
    private readonly JsonEvents _events;

    public JsonEventsTests() => _events = new JsonEvents(_streams, new Clock());

    private static InfoHash Hash => InfoHash.TryParseHex(Hex, out InfoHash hash) ? hash : throw new InvalidOperationException();

    [Fact]
    public void Each_event_has_its_members_in_its_units()
    {
        _events.Listening(new IPEndPoint(IPAddress.IPv6Loopback, 6881), takenPort: null);
        _events.Listening(new IPEndPoint(IPAddress.Loopback, 7000), takenPort: 6881);
        _events.Added(Hash, "n", new ByteSize(12));
        _events.Added(Hash, "n", null);
        _events.Checking(Hash, 0.5);
        _events.Progress(Status(0.9999999, TimeSpan.FromSeconds(4.2)));
        _events.Progress(Status(1, null));
        _events.Completed(Hash, TimeSpan.FromSeconds(1.23456));
        _events.Seeding(Hash);
        _events.WaitingForDisk(Hash, TorrentReason.DiskFull, "full");
        _events.Resumed(Hash, TorrentState.Downloading);
        _events.Warning("w", null);
        _events.Error("e", Hash, TorrentReason.Missing);
        _events.Error("f", null, TorrentReason.None);
        _events.Finished(130);
        string[] expected =
        [
            """ "event":"listening","endpoint":"[::1]:6881","port":6881,"takenPort":null} """,
            """ "event":"listening","endpoint":"127.0.0.1:7000","port":7000,"takenPort":6881} """,
            $$""" "event":"added","infoHash":"{{Hex}}","name":"n","size":12} """,
            $$""" "event":"added","infoHash":"{{Hex}}","name":"n","size":null} """,
            $$""" "event":"checking","infoHash":"{{Hex}}","done":0.5} """,
            $$""" "event":"progress","infoHash":"{{Hex}}",{{Downloading}},"done":0.999999,{{Rates}},"eta":5,{{Why}}} """,
            $$""" "event":"progress","infoHash":"{{Hex}}",{{Downloading}},"done":1,{{Rates}},"eta":null,{{Why}}} """,
            $$""" "event":"completed","infoHash":"{{Hex}}","seconds":1.235} """,
            $$""" "event":"seeding","infoHash":"{{Hex}}"} """,
            $$""" "event":"waiting-for-disk","message":"full","infoHash":"{{Hex}}","reason":"disk-full"} """,
            $$""" "event":"resumed","infoHash":"{{Hex}}","state":"downloading"} """,
            """ "event":"warning","message":"w"} """,
            $$""" "event":"error","message":"e","infoHash":"{{Hex}}","reason":"missing"} """,
            """ "event":"error","message":"f","reason":null} """,
            """ "event":"finished","exitCode":130} """,
        ];
        Assert.Equal(
            expected.Select(line => """{"time":"2026-01-31T22:05:06.789Z",""" + line.Trim()), _streams.OutText.TrimEnd('\n').Split('\n'));
    }

    private static TorrentStatus Status(double progress, TimeSpan? eta) => new()
    {
        InfoHash = Hash,
        Name = "film",
        State = TorrentState.Downloading,
        Why = "Why.",
        Progress = progress,
        PiecesHave = 1,
        PieceCount = 10,
        Left = default,
        Downloaded = new ByteSize(1024),
        Uploaded = new ByteSize(7),
        Wasted = new ByteSize(5),
        DownloadRate = new DataRate(2000),
        UploadRate = new DataRate(3),
        Peers = 5,
        Seeds = 1,
        KnownPeers = 9,
        Eta = eta,
    };

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 2, 1, 0, 5, 6, 789, TimeSpan.FromHours(2));
    }
}
