using System.Reflection;
using Freshet.Core.Metainfo;

namespace Freshet.Conventions.Tests.Floors;

/// <summary>
/// The house has floors: a folder uses only those below it, and never one beside it; and folders within a folder do not use each other,
/// except for those that ADR 12 explains. This is checked in the compiled
/// assemblies, where a use cannot hide behind a global using or a full name.
/// </summary>
public class FloorTests
{
    private static readonly Assembly CoreAssembly = typeof(TorrentMetainfo).Assembly;
    private static readonly Assembly EngineAssembly = typeof(Session).Assembly;

    private static readonly FloorPlan Core = new(
        "Freshet.Core",
        [
            [""], ["Rates", "Bencoding", "Names"], ["Pieces"], ["Metainfo"], ["Wire"], ["Peers"],
            ["Trackers", "Dht", "Utp", "Local", "PortMapping"], ["WebSeeds"], ["Torrents"], ["Sessions"],
        ],
        [],
        ["Dht.Items", "Dht.Krpc", "Dht.Searching", "Torrents.Exchange"]);

    private static readonly FloorPlan Engine = new(
        "Freshet",
        [
            ["Loops"], ["Diagnostics"], ["Hashing", "Network", "FileSystem"], ["Disk"], ["Connections", "Discovery"], ["WebSeeds"],
            ["Persistence"], ["Running"], [""],
        ],
        [
            .. UsedBy("Disk",
                "FilePlacing", "FreshetException", "PlacedAs", "PlacedFile", "Preallocation"),
            .. UsedBy("Persistence",
                "FilePriority", "FreshetException", "TorrentOptions", "TorrentSource", "TorrentTotals", "TrackerRules",
                "UserDataRules"),
            .. UsedBy("Running",
                "DhtItem", "DhtOptions", "DhtPeers", "FilePriority", "FreshetError", "FreshetException", "LocalNetworkOptions",
                "MoveProgress", "Preallocation", "QueueOptions", "RemoveMode", "SessionEvent", "SessionOptions", "SessionStatus",
                "SlowTorrents", "Torrent", "TorrentFailedException", "TorrentFileStatus", "TorrentOptions", "TorrentTotals",
                "UtpMode"),
        ],
        ["Disk.Checks", "Disk.Downloads"]);

    [Fact]
    public void Core_has_floors() => AssertHolds(Core, CoreAssembly);

    [Fact]
    public void The_engine_has_floors() => AssertHolds(Engine, EngineAssembly);

    [Fact]
    public void A_use_of_a_higher_floor_is_seen()
    {
        // The real house upside down: everything that is used is now above its user.
        FloorPlan upsideDown = Core with { Floors = [.. Core.Floors.Reverse()] };
        string[] violations = [.. upsideDown.Violations(CoreAssembly)];
        Assert.Contains("Pieces.PieceDeadlines -> Rates.Timestamp", violations);
        Assert.Contains("Wire.Handshake -> Metainfo.InfoHash", violations);
        Assert.Contains("Torrents.TorrentMachine -> Peers.ConnectedPeer", violations);
    }

    private static void AssertHolds(FloorPlan plan, Assembly assembly)
    {
        AssertNone(plan.Homeless(assembly), "These folders are on no floor; add each to the plan:");
        AssertNone(plan.Violations(assembly), "These use what is above or beside them:");
        AssertNone(plan.NeedlessExceptions(assembly), "These exceptions are no longer needed; remove them:");
        AssertNone(plan.Circles(assembly), "These folders within a folder use each other:");
        string[] mutual = [.. plan.Mutual(assembly)];
        AssertNone(mutual.Except(plan.Entwined), "These inner folders use their outer folder and are used by it:");
        AssertNone(plan.Entwined.Except(mutual), "These are no longer entwined with their outer folder; remove them:");
    }

    private static IEnumerable<string> UsedBy(string folder, params string[] types) => types.Select(type => $"{folder} -> {type}");

    private static void AssertNone(IEnumerable<string> lines, string what)
    {
        string all = string.Join("\n    ", lines);
        Assert.True(all.Length == 0, $"{what}\n    {all}");
    }
}
