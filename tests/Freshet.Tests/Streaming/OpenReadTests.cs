using System.Net;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Tests.Sessions;
using Freshet.Tests.WebSeeds;

namespace Freshet.Tests.Streaming;

/// <summary>Files of torrents that are read while they are downloaded.</summary>
public sealed class OpenReadTests : IDisposable
{
    private const int PieceLength = 64 * 1024;

    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(PieceLength, null, 100_000, 2_000_000, 50_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_read_as_it_arrives_from_its_first_byte_to_its_last()
    {
        await using FileServer server = new(_sample.Files);
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, server.Url);
        await using Stream stream = torrent.OpenRead(1);
        Assert.Equal(2_000_000, stream.Length);
        using MemoryStream copy = new();
        await stream.CopyToAsync(copy, Token).Bounded();
        Assert.True(ContentOf(1).AsSpan().SequenceEqual(copy.ToArray()));
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Token));
    }

    [Fact]
    public async Task Readers_that_seek_get_their_own_bytes()
    {
        await using FileServer server = new(_sample.Files);
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, server.Url);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async reader =>
        {
            await using Stream stream = torrent.OpenRead(1);
            Random random = new(reader);
            byte[] buffer = new byte[100_000];
            for (int i = 0; i < 10; i++)
            {
                int at = random.Next(1_900_000);
                Assert.Equal(at, stream.Seek(at, SeekOrigin.Begin));
                await stream.ReadExactlyAsync(buffer, Token);
                Assert.True(ContentOf(1).AsSpan(at, buffer.Length).SequenceEqual(buffer));
            }
        })).Bounded();
    }

    [Fact]
    public async Task Nothing_is_read_before_it_is_verified_and_a_reader_can_give_up()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session);
        await using Stream stream = torrent.OpenRead(1);
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
        ValueTask<int> reading = stream.ReadAsync(new byte[10], giveUp.Token);
        Assert.False(reading.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
    }

    [Fact]
    public async Task A_torrent_that_is_removed_ends_its_readers_with_the_reason()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session);
        await using Stream stream = torrent.OpenRead(1);
        Task<int> reading = stream.ReadAsync(new byte[10], Token).AsTask();
        await session.RemoveAsync(torrent, RemoveMode.KeepFiles, Token);
        IOException ended = await Assert.ThrowsAsync<IOException>(() => reading.Bounded());
        Assert.Contains("removed", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_seeks_is_served_first()
    {
        await using Session session = await StartAsync();

        // So slow that the order in which pieces arrive is the order in which they are requested.
        Torrent torrent = await session.AddAsync(
            TorrentSource.Metainfo(_sample.Metainfo), new TorrentOptions { MaxDownloadRate = new DataRate(300_000) }, Token);
        await using Stream stream = torrent.OpenRead(1);
        stream.Position = 1_500_000;
        ValueTask<int> reading = stream.ReadAsync(new byte[10], Token);

        // Nothing could be requested from anybody before: the seed first hears what the reader waits for.
        await using Session seed = await StartAsync("seed");
        _sample.WriteTo(_folder["seed"]);
        Torrent whole = await seed.AddAsync(TorrentSource.Metainfo(_sample.Metainfo), cancellationToken: Token);
        await whole.Completion.Bounded();
        IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(Token);
        await torrent.AddPeersAsync(seed.ListenEndPoints, Token);

        // A few of the first may be others: those that the seed gives while it still chokes us (BEP 6).
        PieceIndex sought = _sample.Metainfo.Layout.PieceAt(100_000 + 1_500_000);
        List<PieceIndex> first = [];
        await foreach (SessionEvent happened in events)
        {
            if (happened is not SessionEvent.PieceVerified verified)
                continue;
            first.Add(verified.Piece);
            if (first.Count == 8)
                break;
        }

        Assert.InRange(first.Count(piece => piece >= sought), 5, 8);
        Assert.Equal(10, await reading);
    }

    [Fact]
    public async Task A_file_without_bytes_cannot_be_opened()
    {
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.Metainfo(_sample.Metainfo),
            new TorrentOptions { FilePriorities = [FilePriority.Normal, FilePriority.Skip, FilePriority.Normal] },
            Token);
        Assert.Throws<ArgumentException>(() => torrent.OpenRead(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => torrent.OpenRead(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => torrent.OpenRead(-1));
        Stream stream = torrent.OpenRead(0);
        await stream.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.ReadExactlyAsync(new byte[1], Token));
    }

    private byte[] ContentOf(int file) => _sample.Files[_sample.Metainfo.Files[file].Path];

    private Task<Session> StartAsync(string folder = "data") => Session.StartAsync(
        new SessionOptions { DownloadFolder = _folder[folder], StateFolder = null, ListenPort = 0, BindAddress = IPAddress.Loopback },
        Token);

    private Task<Torrent> AddAsync(Session session, params string[] webSeeds) => session.AddAsync(
        TorrentSource.Metainfo(_sample.Metainfo with { WebSeeds = [.. webSeeds] }), cancellationToken: Token);
}
