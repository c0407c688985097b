using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Sessions;

/// <summary>
/// The whole path of a block, from a seed's disk over sockets to a leecher's disk, with two real sessions in this process. Everything that
/// the process allocates is counted: the cost of pieces and ticks is divided among the blocks, and a block itself costs nothing.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SessionAllocationTests : IDisposable
{
    private const int PieceLength = 1024 * 1024;
    private const int Pieces = 128;

    /// <summary>
    /// After this many pieces, queues and buffers have reached their size; this many before the end, the final phase begins.
    /// </summary>
    private const int Margin = 16;

    /// <summary>
    /// About 10 are usual, for both ends together; on a busy machine there are more ticks for each block. An object takes at least 24
    /// bytes.
    /// </summary>
    private const double MostBytesPerBlock = 24;

    /// <summary>At <see cref="SlowRate"/>, each block has its share of more ticks, and of a checkpoint or two.</summary>
    private const double MostBytesPerRecordedBlock = 32;

    private const int MostRounds = 6;

    /// <summary>With it the pieces that count take more than a second, so there is a checkpoint among them.</summary>
    private static readonly ByteSize SlowRate = ByteSize.FromMiB(64);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_block_on_its_way_from_disk_to_disk_allocates_nothing_of_its_own() => MeasureAsync(isRecorded: false, MostBytesPerBlock);

    [Fact]
    public Task During_a_record_a_block_allocates_nothing_either() => MeasureAsync(isRecorded: true, MostBytesPerRecordedBlock);

    private async Task MeasureAsync(bool isRecorded, double most)
    {
        byte[] torrent = WriteSample(_folder["seed"]);
        await using Session seed = await StartAsync("seed", isRecorded: false);
        Torrent seeded = await seed.AddAsync(TorrentSource.Bytes(torrent), cancellationToken: Token);
        await seeded.Completion.Bounded();

        // The first round is for the runtime, which compiles, and for the pool, which grows. The least of the others counts: what else the
        // machine does can only add to it.
        await using Session leecher = await StartAsync("leech", isRecorded);
        string? records = isRecorded ? _folder["leech-state"] : null;
        await MeasureAsync(torrent, leecher, seed.ListenEndPoints[0], records);
        double least = double.MaxValue;
        for (int round = 0; round < MostRounds && least > most; round++)
            least = Math.Min(least, await MeasureAsync(torrent, leecher, seed.ListenEndPoints[0], records));
        Assert.InRange(least, 0, most);
    }

    // A round without the checkpoint that it should have had does not count.
    private static async Task<double> MeasureAsync(byte[] torrent, Session leecher, IPEndPoint seed, string? records)
    {
        string name = TestTorrents.Read(torrent).SwarmHash + ".resume";
        PieceWatch watch = new() { Record = records is null ? null : Path.Combine(records, name) };
        using MeterListener listener = watch.Listen();
        Torrent download = await leecher.AddAsync(TorrentSource.Bytes(torrent), new TorrentOptions { Peers = [seed] }, Token);
        await download.Completion.Bounded();
        await leecher.RemoveAsync(download, RemoveMode.DeleteFiles, Token);
        double measured = watch.Allocated / (double)((Pieces - (2 * Margin)) * (PieceLength / Limits.BlockLength));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{measured:0.0} bytes a block, {(watch.HasRecorded ? "with" : "without")} a checkpoint");
        return records is null || watch.HasRecorded ? measured : double.MaxValue;
    }

    private Task<Session> StartAsync(string folder, bool isRecorded) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder[folder],
            StateFolder = isRecorded ? _folder[folder + "-state"] : null,
            CheckpointInterval = TimeSpan.FromSeconds(1),
            MaxDownloadRate = isRecorded ? new DataRate(SlowRate.Bytes) : null,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
            BlockPoolSize = ByteSize.FromMiB(8),
        },
        Token);

    private static byte[] WriteSample(string folder)
    {
        Directory.CreateDirectory(folder);
        using FileStream file = File.Create(Path.Combine(folder, "sample"));
        byte[] piece = new byte[PieceLength];
        byte[] hashes = new byte[Pieces * SHA1.HashSizeInBytes];
        Random random = new(7);
        for (int i = 0; i < Pieces; i++)
        {
            random.NextBytes(piece);
            SHA1.HashData(piece, hashes.AsSpan(i * SHA1.HashSizeInBytes));
            file.Write(piece);
        }

        return new MetainfoBuilder
        {
            Name = "sample",
            PieceLength = PieceLength,
            PieceHashes = hashes,
            Files = [new MetainfoFile { Path = [], Length = (long)PieceLength * Pieces }],
        }.Build();
    }

    /// <summary>What the process allocates between two pieces of a download, as the session's own meter reports them.</summary>
    private sealed class PieceWatch
    {
        private int _pieces;
        private long _before;
        private DateTime _recordedBefore;

        /// <summary>The record of the torrent, if there is one.</summary>
        public string? Record { get; init; }

        /// <summary>Whether the record was written between the two margins.</summary>
        public bool HasRecorded { get; private set; }

        /// <summary>Bytes between the two margins.</summary>
        public long Allocated { get; private set; }

        public MeterListener Listen()
        {
            MeterListener listener = new()
            {
                InstrumentPublished = static (instrument, self) =>
                {
                    if (instrument is { Name: "freshet.pieces", Meter.Name: "Freshet" })
                        self.EnableMeasurementEvents(instrument);
                },
            };
            listener.SetMeasurementEventCallback<long>((_, count, _, _) => Count((int)count));
            listener.Start();
            return listener;
        }

        private void Count(int pieces)
        {
            for (int i = 0; i < pieces; i++)
            {
                int number = Interlocked.Increment(ref _pieces);
                if (number == Margin)
                {
                    _recordedBefore = LastRecorded();
                    _before = GC.GetTotalAllocatedBytes(precise: true);
                }
                else if (number == Pieces - Margin)
                {
                    Allocated = GC.GetTotalAllocatedBytes(precise: true) - _before;
                    HasRecorded = LastRecorded() != _recordedBefore;
                }
            }
        }

        private DateTime LastRecorded() => Record is null ? default : File.GetLastWriteTimeUtc(Record);
    }
}
