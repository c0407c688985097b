using System.Diagnostics.Metrics;
using System.Net;
using Freshet.Core.Peers;
using Freshet.Disk;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Diagnostics;

public sealed class MetricsTests : IDisposable
{
    // The two sessions are told apart from those of other tests by their pools, whose sizes no other session has.
    private const int SeedPoolMebibytes = 41;
    private const int LeechPoolMebibytes = 37;
    private const int UtpSeedPoolMebibytes = 43;
    private const int UtpLeechPoolMebibytes = 39;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<(Meter Meter, string What), double> _measured = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_download_is_measured()
    {
        using MeterListener listener = Start();
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await Session.StartAsync(Options("seed", SeedPoolMebibytes), Token);
        await (await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token)).Completion.WaitAsync(Patience, Token);
        await using Session leech = await Session.StartAsync(Options("leech", LeechPoolMebibytes), Token);
        Torrent torrent = await leech.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
        listener.RecordObservableInstruments();

        Assert.Equal(300_000, Measured(LeechPoolMebibytes, "freshet.payload.io receive"));
        Assert.Equal(sample.Metainfo.Layout.PieceCount, Measured(LeechPoolMebibytes, "freshet.pieces verified"));
        Assert.Equal(1, Measured(LeechPoolMebibytes, "freshet.torrents"));
        Assert.Equal(1, Measured(LeechPoolMebibytes, "freshet.dials tcp none connected direct"));
        Assert.NotNull(Measured(LeechPoolMebibytes, "freshet.connections"));
        Assert.Equal(0, Measured(LeechPoolMebibytes, "freshet.udp.datagrams dropped"));
        Assert.NotNull(Measured(LeechPoolMebibytes, "freshet.blocks.rented"));
        Assert.NotNull(Measured(LeechPoolMebibytes, "freshet.heartbeat.lateness"));

        // The seed learns of its last send after the leech has everything.
        await Testing.Patience.Until(() => Measured(SeedPoolMebibytes, "freshet.payload.io transmit") == 300_000);
    }

    /// <summary>With its default settings a session finds out which of the two a peer speaks.</summary>
    [Fact]
    public async Task A_peer_that_only_speaks_uTP_is_reached_and_each_dial_is_counted_by_its_transport()
    {
        using MeterListener listener = Start();
        SampleData sample = SampleData.Make(16 * 1024, null, 300_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await Session.StartAsync(Options("seed", UtpSeedPoolMebibytes) with { Utp = UtpMode.Only }, Token);
        await (await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token)).Completion.WaitAsync(Patience, Token);
        await using Session leech = await Session.StartAsync(Options("leech", UtpLeechPoolMebibytes), Token);
        TorrentOptions slowly = new() { Peers = [.. seed.ListenEndPoints], MaxDownloadRate = new(200_000) };
        Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(sample.Torrent), slowly, Token);
        await Testing.Patience.Until(() => torrent.Peers.Length == 1);
        Assert.Equal(PeerTransport.Utp, torrent.Peers[0].Transport);
        await torrent.Completion.WaitAsync(Patience, Token);
        listener.RecordObservableInstruments();
        Assert.Equal(1, Measured(UtpLeechPoolMebibytes, "freshet.dials utp none connected direct"));
        Assert.Equal(0, Measured(UtpLeechPoolMebibytes, "freshet.dials tcp none connected direct"));
        Assert.InRange(Measured(UtpLeechPoolMebibytes, "freshet.dials tcp none failed direct") ?? 0, 1, 10);
    }

    private MeterListener Start()
    {
        MeterListener listener = new() { InstrumentPublished = Listen };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;
    }

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == "Freshet")
            listener.EnableMeasurementEvents(instrument);
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string what = instrument.Name;
        foreach (KeyValuePair<string, object?> tag in tags)
            what += $" {tag.Value}";
        lock (_measured)
            _measured[(instrument.Meter, what)] = _measured.GetValueOrDefault((instrument.Meter, what)) + value;
    }

    /// <summary>What a session measured, or null if it did not.</summary>
    private double? Measured(int poolMebibytes, string what)
    {
        lock (_measured)
        {
            int blocks = new BlockPool((long)poolMebibytes << 20).Total;
            Meter meter = _measured.Single(entry => entry is { Key.What: "freshet.blocks.limit" } && entry.Value == blocks).Key.Meter;
            return _measured.TryGetValue((meter, what), out double value) ? value : null;
        }
    }

    private SessionOptions Options(string folder, int poolMebibytes) => new()
    {
        DownloadFolder = _folder[folder],
        StateFolder = null,
        ListenPort = 0,
        BindAddress = IPAddress.Loopback,
        BlockPoolSize = Core.Rates.ByteSize.FromMiB(poolMebibytes),
    };
}
