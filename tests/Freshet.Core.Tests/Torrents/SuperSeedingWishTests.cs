using Freshet.Core.Torrents;

namespace Freshet.Core.Tests.Torrents;

public class SuperSeedingWishTests
{
    [Theory]
    [InlineData(7, SuperSeeding.Always, 1)]
    [InlineData(8, SuperSeeding.Always, 0)]
    [InlineData(7, SuperSeeding.Automatic, 0)]
    public void A_user_who_asks_for_what_the_torrent_is_too_short_for_is_warned(int pieces, SuperSeeding wish, int warnings)
    {
        TorrentRig rig = new(pieces, new TorrentSettings { SuperSeeding = wish });
        rig.StartComplete();
        Assert.Equal(warnings, WarningsOf(rig).Length);
        rig.Machine.Stop(rig.Now);

        // Also if the download ends in this run, or the wish comes later.
        rig.Start();
        rig.Serve(rig.ConnectSeed(1));
        Assert.Equal(2 * warnings, WarningsOf(rig).Length);
        rig.Machine.ApplySettings(new TorrentSettings { SuperSeeding = wish, MaxPeers = 7 }, rig.Now);
        Assert.Equal(2 * warnings, WarningsOf(rig).Length);
        rig.Machine.ApplySettings(new TorrentSettings(), rig.Now);
        rig.Machine.ApplySettings(new TorrentSettings { SuperSeeding = wish }, rig.Now);
        Assert.Equal(3 * warnings, WarningsOf(rig).Length);
        Assert.All(WarningsOf(rig), warning => Assert.EndsWith("takes 8 to 65,536 pieces. It has 7.", warning, StringComparison.Ordinal));
    }

    private static string[] WarningsOf(TorrentRig rig) =>
        [.. rig.Effects.Facts.OfType<TorrentFact.Warning>().Select(static warning => warning.Message)];
}
