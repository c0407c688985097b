using System.IO.Compression;
using System.Net;
using Freshet.Core.Torrents;

namespace Freshet.Tests.Sessions;

public sealed class BlocklistTests : IDisposable
{
    private static readonly IPAddress SeedAddress = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress LeechAddress = IPAddress.Parse("127.0.0.3");
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 300_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nobody_connects_to_a_blocked_address_until_the_file_says_otherwise(bool isDialled)
    {
        // The session with the list is dialled by the other, or dials it.
        string list = _folder["list.txt"];
        File.WriteAllText(list, isDialled ? $"{SeedAddress}/32\n" : $"{LeechAddress}-{LeechAddress}\n");
        await using Session seed = await StartSeedAsync(isDialled ? null : list);
        await using Session leech = await StartAsync("leech", LeechAddress, isDialled ? list : null);
        Torrent torrent = await LeechAsync(leech, seed);
        WhyCode expected = isDialled ? WhyCode.NoPeersKnown : WhyCode.PeersUnreachable;
        await Patience.Until(() => torrent.Status.WhyCode == expected);
        Assert.Equal(0, torrent.Status.Downloaded.Bytes);

        File.WriteAllText(list, "# nobody\n");
        using CancellationTokenSource bound = new(Patience.Bound);
        while (!torrent.Completion.IsCompleted)
        {
            // A start dials at once, and not only after the address has rested.
            await torrent.StopAsync(bound.Token);
            await torrent.StartAsync(bound.Token);
            await torrent.AddPeersAsync(seed.ListenEndPoints, bound.Token);
            await Task.WhenAny(torrent.Completion, Task.Delay(TimeSpan.FromSeconds(1), bound.Token));
        }

        _sample.AssertIn(_folder["leech"]);
    }

    [Fact]
    public async Task A_changed_list_ends_existing_connections()
    {
        string list = _folder["list.p2p"];
        File.WriteAllText(list, "");
        await using Session seed = await StartSeedAsync(null, new SessionOptions { MaxUploadRate = new(4096) });
        await using Session leech = await StartAsync("leech", LeechAddress, list);
        Torrent torrent = await LeechAsync(leech, seed);
        await Patience.Until(() => torrent.Status.Peers == 1);
        File.WriteAllText(list, $"some name: and more:{SeedAddress}-{SeedAddress}\n");
        await Patience.Until(() => torrent.Status is { Peers: 0, KnownPeers: 0 });
        await leech.ApplyAsync(leech.Options with { Blocklist = null });
        await Patience.Until(() =>
        {
            torrent.AddPeersAsync(seed.ListenEndPoints, Token);
            return torrent.Status.Peers == 1;
        });
    }

    [Fact]
    public async Task A_compressed_list_is_read_and_its_bad_lines_are_reported()
    {
        string list = _folder["ipfilter.dat.gz"];
        await using (GZipStream packed = new(File.Create(list), CompressionMode.Compress))
            packed.Write(System.Text.Encoding.ASCII.GetBytes("127.000.000.002 - 127.000.000.002 , 100 , seed\nnonsense\n"));
        await using Session seed = await StartSeedAsync(null);
        await using Session leech = await StartAsync("leech", LeechAddress, list);
        SessionEvent.Warning warning = (SessionEvent.Warning)await FirstAsync(
            leech.ReadEventsAsync(Token), happened => happened is SessionEvent.Warning);
        Assert.Contains("line 2: no address", warning.Message);
        Assert.Contains("1 ranges are blocked", warning.Message);
        Torrent torrent = await LeechAsync(leech, seed);
        await Patience.Until(() => torrent.Status.WhyCode == WhyCode.NoPeersKnown);
    }

    [Fact]
    public async Task A_session_whose_list_cannot_be_read_does_not_start()
    {
        FreshetException error = await Assert.ThrowsAsync<FreshetException>(
            () => StartAsync("leech", LeechAddress, _folder["missing.txt"]));
        Assert.Equal(FreshetError.Storage, error.Error);
        Assert.Contains("missing.txt", error.Message);
    }

    private static async Task<SessionEvent> FirstAsync(IAsyncEnumerable<SessionEvent> events, Predicate<SessionEvent> isIt)
    {
        using CancellationTokenSource bound = new(Patience.Bound);
        await foreach (SessionEvent happened in events.WithCancellation(bound.Token))
        {
            if (isIt(happened))
                return happened;
        }

        throw new InvalidOperationException("The session ended before.");
    }

    private async Task<Session> StartSeedAsync(string? list, SessionOptions? options = null)
    {
        _sample.WriteTo(_folder["seed"]);
        Session session = await StartAsync("seed", SeedAddress, list, options);
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        await torrent.Completion.Bounded();
        return session;
    }

    private Task<Torrent> LeechAsync(Session leech, Session seed) => leech.AddAsync(
        TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);

    private Task<Session> StartAsync(string name, IPAddress address, string? list, SessionOptions? options = null) => Session.StartAsync(
        (options ?? new SessionOptions()) with
        {
            DownloadFolder = _folder[name],
            StateFolder = _folder[name + " state"],
            BindAddress = address,
            ListenPort = 0,
            Blocklist = list,
        },
        Token);
}
