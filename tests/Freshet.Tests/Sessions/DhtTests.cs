using System.Net;
using Freshet.Core.Dht.Krpc;
using Freshet.Tests.Discovery;

namespace Freshet.Tests.Sessions;

/// <summary>Sessions that find each other only in the DHT.</summary>
public sealed class DhtTests : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _started = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bare_info_hash_downloads_with_the_DHT_alone()
    {
        DhtNode node = await StartNodeAsync();
        SampleData sample = NewSample("seed");
        Session seed = await StartAsync("seed", node);
        Torrent seeding = await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await Patience.Until(() => seeding.Dht is { LastSearch: not null });

        Session leech = await StartAsync("leech", node);
        Torrent leeching = await leech.AddAsync(
            TorrentSource.InfoHash(sample.Metainfo.SwarmHash), cancellationToken: Token);
        await leeching.Completion.WaitAsync(Bound, Token);
        sample.AssertIn(_folder["leech"]);
        await Patience.Until(() => leech.Status.Dht!.Nodes > 0);
    }

    [Fact]
    public async Task Peers_tell_each_other_the_ports_of_their_nodes()
    {
        byte[] torrent = NewSample("seed").Torrent;
        Session seed = await StartAsync("seed", (IPEndPoint?)null);
        await seed.AddAsync(TorrentSource.Bytes(torrent), cancellationToken: Token);
        Session leech = await StartAsync("leech", (IPEndPoint?)null);
        await leech.AddAsync(
            TorrentSource.Bytes(torrent), new TorrentOptions { Peers = [seed.ListenEndPoints[0]] }, cancellationToken: Token);
        await Patience.Until(() => leech.Status.Dht!.Nodes == 1 && seed.Status.Dht!.Nodes == 1);
    }

    [Fact]
    public async Task A_node_starts_from_the_nodes_that_a_torrent_names()
    {
        DhtNode node = await StartNodeAsync();
        string begin = node.EndPoints[0].ToString();
        byte[] torrent = TestTorrents.WithoutData("torrent", builder => builder with { Nodes = [begin] });
        Session session = await StartAsync("one", (IPEndPoint?)null);
        await session.AddAsync(TorrentSource.Bytes(torrent), cancellationToken: Token);
        await Patience.Until(() => session.Status.Dht!.Nodes == 1);
    }

    [Fact]
    public async Task A_private_torrent_is_never_searched_for()
    {
        DhtNode node = await StartNodeAsync();
        byte[] torrent = TestTorrents.WithoutData("private", builder => builder with { IsPrivate = true });
        Session session = await StartAsync("one", node);
        Torrent closed = await session.AddAsync(TorrentSource.Bytes(torrent), cancellationToken: Token);
        Torrent other = await session.AddAsync(TorrentSource.Bytes(NewSample("one").Torrent), cancellationToken: Token);
        await Patience.Until(() => other.Dht is { LastSearch: not null });
        Assert.Null(closed.Dht);
        await Patience.Until(() => node.Status.StoredHashes > 0);
        Assert.Equal(1, node.Status.StoredHashes);
    }

    [Fact]
    public async Task A_torrent_that_is_stopped_during_its_search_is_no_longer_announced()
    {
        using ScriptedNode node = new();
        Session session = await StartAsync("one", node.EndPoint);
        Torrent torrent = await session.AddAsync(TorrentSource.InfoHash(NewSample("one").Metainfo.SwarmHash), cancellationToken: Token);
        byte[] search = await node.AnswerUntilAsync(DhtMethod.GetPeers, Token);
        await torrent.StopAsync(Token);
        await node.AnswerAsync(search, Token);

        // Its datagrams come in order: an announce would come before the second response, since its earlier queries are answered then.
        IReadOnlyList<DhtMethod> asked = [.. await node.PingAsync(Token), .. await node.PingAsync(Token)];
        Assert.DoesNotContain(DhtMethod.AnnouncePeer, asked);
    }

    [Fact]
    public async Task Nodes_are_kept_from_run_to_run()
    {
        DhtNode node = await StartNodeAsync();
        Session first = await StartAsync("one", node, _folder["state"]);
        await Patience.Until(() => first.Status.Dht!.Nodes == 1);
        string id = first.Status.Dht!.Id!;
        await first.DisposeAsync();
        Session second = await StartAsync("one", (IPEndPoint?)null, _folder["state"]);
        await Patience.Until(() => second.Status.Dht!.Nodes == 1);
        Assert.Equal(id, second.Status.Dht!.Id);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable started in _started.AsEnumerable().Reverse())
            await started.DisposeAsync();
        _folder.Dispose();
    }

    private SampleData NewSample(string folder)
    {
        SampleData sample = SampleData.Make(16384, null, 100_000, 50_000);
        sample.WriteTo(_folder[folder]);
        return sample;
    }

    private async Task<DhtNode> StartNodeAsync()
    {
        DhtNode node = await DhtNode.StartAsync(
            new DhtNodeOptions { BindAddress = IPAddress.Loopback, Dht = new DhtOptions { Bootstrap = [] } }, Token);
        _started.Add(node);
        return node;
    }

    private Task<Session> StartAsync(string folder, DhtNode? node, string? state = null) => StartAsync(folder, node?.EndPoints[0], state);

    private async Task<Session> StartAsync(string folder, IPEndPoint? node, string? state = null)
    {
        Session session = await Session.StartAsync(
            new SessionOptions
            {
                DownloadFolder = _folder[folder],
                StateFolder = state,
                ListenPort = 0,
                BindAddress = IPAddress.Loopback,
                Dht = new DhtOptions { Bootstrap = node is null ? [] : [node.ToString()] },
            },
            Token);
        _started.Add(session);
        return session;
    }
}
