using System.Reflection;
using Freshet.Core.Metainfo;

namespace Freshet.Conventions.Tests.Floors;

/// <summary>
/// The house has floors: a folder uses only what is below it, and never one beside it. Held over the compiled assemblies, where a use
/// cannot hide behind a global using or a full name.
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
        []);

    private static readonly FloorPlan Engine = new(
        "Freshet",
        [
            ["Loops"], ["Diagnostics"], ["Hashing", "Network", "FileSystem"], ["Disk"], ["Connections", "Discovery"], ["WebSeeds"],
            ["Persistence"], ["Running"], [""],
        ],
        [
            "Disk -> ",
            "Persistence -> ",
            "Running -> ",
        ]);

    [Fact]
    public void Core_has_floors() => AssertHolds(Core, CoreAssembly);

    [Fact]
    public void The_engine_has_floors() => AssertHolds(Engine, EngineAssembly);

    [Fact]
    public void A_use_of_a_higher_floor_is_seen()
    {
        // The real house, upside down: everything that is used is now above its user.
        FloorPlan upsideDown = Core with { Floors = [.. Core.Floors.Reverse()] };
        string[] violations = [.. upsideDown.Violations(CoreAssembly)];
        Assert.Contains("Pieces.PieceDeadlines -> Rates.Timestamp", violations);
        Assert.Contains("Wire.Handshake -> Metainfo.InfoHash", violations);
        Assert.Contains("Torrents.TorrentMachine -> Peers.ConnectedPeer", violations);
    }

    private static void AssertHolds(FloorPlan plan, Assembly assembly)
    {
        AssertNone(plan.Homeless(assembly), "These folders are on no floor; give each its place in the plan:");
        AssertNone(plan.Violations(assembly), "These use what is above or beside them:");
        AssertNone(plan.NeedlessExceptions(assembly), "These exceptions are not needed any more; take them out:");
    }

    private static void AssertNone(IEnumerable<string> lines, string what)
    {
        string all = string.Join("\n    ", lines);
        Assert.True(all.Length == 0, $"{what}\n    {all}");
    }
}
