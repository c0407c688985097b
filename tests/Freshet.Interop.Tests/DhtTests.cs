namespace Freshet.Interop.Tests;

/// <summary>
/// Peers that find each other in the DHT alone, through a node that has nothing to do with their torrent: each client's announces are found
/// by the other. Transmission is not among them: its DHT takes loopback addresses for nobody's.
/// </summary>
public class DhtTests : InteropTest
{
    [Theory]
    [InlineData(ClientKind.Freshet, ClientKind.Libtorrent, ClientKind.Freshet)]
    [InlineData(ClientKind.Freshet, ClientKind.Freshet, ClientKind.Libtorrent)]
    [InlineData(ClientKind.Libtorrent, ClientKind.Freshet, ClientKind.Freshet)]
    [InlineData(ClientKind.Libtorrent, ClientKind.Libtorrent, ClientKind.Freshet)]
    [InlineData(ClientKind.Freshet, ClientKind.Aria2, ClientKind.Freshet)]
    [InlineData(ClientKind.Freshet, ClientKind.Freshet, ClientKind.Aria2)]
    public Task A_bare_info_hash_downloads(ClientKind node, ClientKind seed, ClientKind leech) => CaseAsync(async () =>
    {
        Require(node, seed, leech);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        SampleTorrent other = Sample(SampleKind.ManyFiles);
        PeerClient meeting = New(node, new ClientOptions { IsDhtNode = true });
        await meeting.SeedAsync(other, other.DataFolder);
        PeerClient seeding = New(seed, new ClientOptions { DhtNode = meeting.EndPoint });
        await seeding.SeedAsync(torrent, torrent.DataFolder);
        PeerClient leeching = New(
            leech, new ClientOptions { DhtNode = meeting.EndPoint, Magnet = "magnet:?xt=urn:btih:" + torrent.InfoHash });
        await leeching.LeechAsync(torrent, NewFolder("leech"));
        await leeching.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leech"), leeching.WritesEmptyFiles));
    });
}
