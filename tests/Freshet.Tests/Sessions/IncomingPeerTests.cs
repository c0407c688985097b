using System.Net;
using System.Net.Sockets;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Sessions;

/// <summary>Peers that dial a session, at any moment.</summary>
public sealed class IncomingPeerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_peer_that_comes_before_its_torrent_is_answered_when_the_torrent_is_open()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 3_000_000);
        sample.WriteTo(_folder.Path);
        await using Session session = await StartAsync();
        using Socket early = await DialAsync(session, sample.Metainfo.SwarmHash);
        Task<Handshake?> answer = AnswerAsync(early);
        await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        Assert.Equal(sample.Metainfo.SwarmHash, (await answer.Bounded())?.InfoHash);
    }

    [Fact]
    public async Task A_peer_that_comes_while_its_torrent_is_read_or_checked_is_answered_too()
    {
        SampleData first = SampleData.MakeNamed("first", 16 * 1024, null, 1_000);
        SampleData second = SampleData.Make(16 * 1024, null, 30_000_000);
        second.WriteTo(_folder.Path);
        await using Session session = await StartAsync();
        await session.AddAsync(TorrentSource.Bytes(first.Torrent), cancellationToken: Token);
        Task<Torrent> adding = session.AddAsync(TorrentSource.Bytes(second.Torrent), cancellationToken: Token);
        List<Task<Handshake?>> answers = [];
        using Socket a = await DialAsync(session, second.Metainfo.SwarmHash);
        answers.Add(AnswerAsync(a));
        await adding;
        using Socket b = await DialAsync(session, second.Metainfo.SwarmHash);
        answers.Add(AnswerAsync(b));
        foreach (Task<Handshake?> answer in answers)
            Assert.NotNull(await answer.Bounded());
    }

    [Fact]
    public async Task A_peer_that_waits_does_not_keep_others_out()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 1_000);
        await using Session session = await StartAsync();
        await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        using Socket lost = await DialAsync(session, default);
        Task<Handshake?> none = AnswerAsync(lost);
        using Socket welcome = await DialAsync(session, sample.Metainfo.SwarmHash);
        Assert.NotNull(await AnswerAsync(welcome).Bounded());
        Assert.Null(await none.Bounded());
    }

    [Fact]
    public async Task A_session_ends_at_once_while_peers_wait()
    {
        Session session = await StartAsync();
        using Socket lost = await DialAsync(session, default);
        Task<Handshake?> none = AnswerAsync(lost);
        await session.DisposeAsync().AsTask().Bounded();
        Assert.Null(await none.Bounded());
    }

    private static async Task<Socket> DialAsync(Session session, InfoHash infoHash)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(session.ListenEndPoints[0], Token);
        byte[] ours = new byte[Handshake.Length];
        (FakeSession.Theirs with { InfoHash = infoHash }).Write(ours);
        await socket.SendAsync(ours, Token);
        return socket;
    }

    private static async Task<Handshake?> AnswerAsync(Socket socket)
    {
        byte[] bytes = new byte[Handshake.Length];
        try
        {
            for (int received = 0; received < bytes.Length;)
            {
                int count = await socket.ReceiveAsync(bytes.AsMemory(received), Token);
                if (count == 0)
                    return null;
                received += count;
            }
        }
        catch (SocketException)
        {
            return null;
        }

        return Handshake.TryRead(bytes, out Handshake theirs) ? theirs : null;
    }

    private Task<Session> StartAsync() => Session.StartAsync(
        new SessionOptions { DownloadFolder = _folder.Path, StateFolder = null, ListenPort = 0, BindAddress = IPAddress.Loopback }, Token);
}
