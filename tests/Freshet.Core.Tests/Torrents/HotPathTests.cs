using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Core.Wire;

using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents;

public class HotPathTests
{
    [Fact]
    public void No_byte_is_allocated_for_a_block_that_arrives()
    {
        long allocated = Download(pieces: 4_000, out int blocks);
        Assert.True(blocks > 100_000);

        // A fact for each piece is allowed, and the ledger's pool and the meters may grow at first; a block must allocate nothing.
        Assert.True(allocated < blocks, $"{allocated} bytes were allocated over {blocks} blocks.");
    }

    /// <summary>A fast seed answers everything; the allocations of the machine itself are counted after the first tenth.</summary>
    private static long Download(int pieces, out int blocks)
    {
        const int pieceLength = 1 << 20;
        var effects = new AnsweringEffects();
        var rig = new TorrentRig(new PieceLayout(pieceLength, [(long)pieces * pieceLength]), effects);
        PeerKey seed = rig.Connect(1);
        rig.Receive(
            seed, PeerMessage.Extended(0, new ExtensionHandshake { RequestQueue = 1000 }.ToArray()), PeerMessage.HaveAll,
            PeerMessage.Unchoke);

        var batch = new PeerMessage[64];
        long allocated = 0;
        blocks = 0;
        Timestamp now = rig.Now;
        while (effects.TryFill(batch, out int count))
        {
            now += TimeSpan.FromMicroseconds(30 * count);
            bool counts = effects.Answered > pieces * 64 / 10;
            long before = GC.GetAllocatedBytesForCurrentThread();
            rig.Machine.OnMessages(seed, batch.AsSpan(0, count), now);
            allocated += counts ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
            blocks += counts ? count : 0;
            while (effects.TryTakeWhole(out PieceIndex piece))
                rig.Machine.OnPieceHashed(new PieceVerdict(piece, true), now);
        }

        Assert.True(rig.Machine.Have.IsFull);
        return allocated;
    }

    /// <summary>Remembers requests and written blocks, in memory that was allocated beforehand.</summary>
    private sealed class AnsweringEffects : ITorrentEffects
    {
        private readonly Queue<BlockRange> _requests = new(4096);
        private readonly Queue<PieceIndex> _whole = new(64);
        private readonly int[] _written = new int[100_000];

        public int Answered { get; private set; }

        public bool TryFill(PeerMessage[] batch, out int count)
        {
            for (count = 0; count < batch.Length && _requests.TryDequeue(out BlockRange range); count++)
                batch[count] = PeerMessage.Block(range, new BlockLease(Answered++));
            return count > 0;
        }

        public bool TryTakeWhole(out PieceIndex piece) => _whole.TryDequeue(out piece);

        public void Send(PeerKey peer, in PeerMessage message)
        {
            if (message.Id == MessageId.Request)
                _requests.Enqueue(message.Range);
        }

        public void Fetch(FetchOrder order) => throw new NotSupportedException("No torrent here names web seeds.");

        public void AbortFetch(PeerKey seed, FetchKey fetch) => throw new NotSupportedException("No torrent here names web seeds.");

        public TimeSpan HeldUp(PeerKey peer, Timestamp now) => default;

        public HeldByLimit ReceivingHeld(PeerKey peer, Timestamp now) => default;

        public HeldByLimit SendingHeld(PeerKey peer, Timestamp now) => default;

        public TimeSpan? RoundTrip(PeerKey peer) => null;

        public void ReportResponse(PeerTransport transport, TimeSpan time)
        {
        }

        public void WriteBlock(BlockRef block, BlockLease lease)
        {
            if (++_written[block.Piece.Value] == 64)
                _whole.Enqueue(block.Piece);
        }

        public void ClaimData() => Assert.Fail("The run begins with the right to write.");

        public void NoRoomMade()
        {
        }

        public void Demand(TorrentDemand demand)
        {
        }

        public void Connect(System.Net.IPEndPoint peer, DialHint hint) => Assert.Fail("Nobody is to be dialled.");

        public void Disconnect(PeerKey peer, DisconnectReason reason) => Assert.Equal(DisconnectReason.BothSeeds, reason);

        public void SendBlock(PeerKey peer, BlockRange block) => Assert.Fail("Nothing is to be uploaded.");

        public bool CancelBlock(PeerKey peer, BlockRange block) => false;

        public void CancelBlocks(PeerKey peer, List<BlockRange> cancelled) => cancelled.Clear();

        public void DiscardPiece(PieceIndex piece) => Assert.Fail("No piece fails.");

        public void Release(BlockLease lease) => Assert.Fail("No block is wasted.");

        public void CheckPieces(Bitfield pieces) => Assert.Fail("Nothing is to be checked.");

        public void ProbeDisk() => Assert.Fail("The disk is well.");

        public void Announce(string tracker, AnnounceRequest request) => Assert.Fail("There is no tracker.");

        public void MetadataFetched(ReadOnlyMemory<byte> info) => Assert.Fail("The metadata is there.");

        public void ReadMetadata() => Assert.Fail("Nobody asks for metadata.");

        public void Report(TorrentFact fact)
        {
        }
    }
}
