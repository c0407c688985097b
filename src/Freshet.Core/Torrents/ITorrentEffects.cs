using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;

namespace Freshet.Core.Torrents;

/// <summary>
/// All that a <c>TorrentMachine</c> can ask for. Every call returns at once; what comes of it arrives later as one of the
/// machine's inputs, on the torrent's loop, never from within the call.
/// </summary>
internal interface ITorrentEffects : IPeerLine, IWebSeedLine
{
    /// <summary>
    /// Asks the session to be allotted what all torrents compete for. Answered by OnAllotted when something else is allotted.
    /// </summary>
    void Demand(TorrentDemand demand);

    /// <summary>Tells the session that no connection can be ended as it has asked.</summary>
    void NoRoomMade();

    /// <summary>Dials a peer and shakes hands. Answered by OnConnected or OnConnectFailed.</summary>
    /// <param name="peer">The address.</param>
    /// <param name="hint">What is known of how to dial it.</param>
    void Connect(IPEndPoint peer, DialHint hint);

    /// <summary>Puts a block into the peer's outbox, to be read from disk when the socket can take it. Answered by OnUploaded.</summary>
    void SendBlock(PeerKey peer, BlockRange block);

    /// <summary>Takes a block back out of the peer's outbox; false if it is gone already.</summary>
    bool CancelBlock(PeerKey peer, BlockRange block);

    /// <summary>Takes all blocks back out of the peer's outbox, and tells which.</summary>
    void CancelBlocks(PeerKey peer, List<BlockRange> cancelled);

    /// <summary>
    /// Asks for the right to write the torrent's files. Answered by OnDataClaimed, or by Fail if another session has it. It goes when every
    /// wanted piece is there, and when the run ends.
    /// </summary>
    void ClaimData();

    /// <summary>Tells how long a peer took to answer a request with the block. Said once a block, so it must cost next to nothing.</summary>
    void ReportResponse(PeerTransport transport, TimeSpan time);

    /// <summary>
    /// Hands a block to the disk, its lease with it. With a piece's last block the piece is hashed; answered by OnPieceHashed
    /// (after hash and write), or by OnDiskFailed.
    /// </summary>
    void WriteBlock(BlockRef block, BlockLease lease);

    /// <summary>
    /// Forgets what has been written of a piece, so that its blocks may come again. Said after every failed hash and lost write, known
    /// to the disk already or not; blocks written later begin the piece anew.
    /// </summary>
    void DiscardPiece(PieceIndex piece);

    /// <summary>Gives a block back that nobody wants.</summary>
    void Release(BlockLease lease);

    /// <summary>
    /// Reads pieces from disk and hashes them. Answered by an OnPieceChecked for each, then OnCheckFinished, or by OnDiskFailed.
    /// </summary>
    void CheckPieces(Bitfield pieces);

    /// <summary>
    /// Writes a byte where the last failure was, to learn whether the disk takes data again. Answered by OnDiskRecovered or OnDiskFailed.
    /// </summary>
    void ProbeDisk();

    /// <summary>
    /// Announces to a tracker over the request's family. Answered by OnAnnounced, OnAnnounceFailed, OnAnnounceSkipped or OnAnnouncePutOff.
    /// </summary>
    void Announce(string tracker, AnnounceRequest request);

    /// <summary>
    /// Peers gave us the metadata of a torrent that began without it (BEP 9). The bytes have every info-hash by which the torrent is known,
    /// and that is all that is certain: they may not parse, or belong to a torrent that we cannot have. To be parsed and stored on another
    /// thread; answered by OnMetadata, or by Fail with the reason. Peers are not asked again in the run.
    /// </summary>
    /// <param name="info">The bytes of the info dictionary; nobody changes them.</param>
    void MetadataFetched(ReadOnlyMemory<byte> info);

    /// <summary>Reads the bytes of the info dictionary, for peers that ask for them. Answered by OnMetadataRead.</summary>
    void ReadMetadata();

    /// <summary>Tells what has happened, for logs, events and the resume state.</summary>
    void Report(TorrentFact fact);
}
