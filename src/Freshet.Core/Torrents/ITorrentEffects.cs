using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;

namespace Freshet.Core.Torrents;

/// <summary>
/// Everything that a <c>TorrentMachine</c> can ask for. Every call returns at once; its result arrives later as one of the machine's
/// inputs, on the torrent's loop and never from within the call.
/// </summary>
internal interface ITorrentEffects : IPeerLine, IWebSeedLine
{
    /// <summary>
    /// Asks the session for a share of the resources that all torrents compete for. Answered by OnAllotted when the allotment changes.
    /// </summary>
    void Demand(TorrentDemand demand);

    /// <summary>Reports to the session that no connection can be closed as it asked.</summary>
    void NoRoomMade();

    /// <summary>Dials a peer and exchanges handshakes. Answered by OnConnected or OnConnectFailed.</summary>
    /// <param name="peer">The address.</param>
    /// <param name="hint">What is known about how to dial it.</param>
    void Connect(IPEndPoint peer, DialHint hint);

    /// <summary>Queues a block in the peer's outbox; it is read from disk when the socket can take it. Answered by OnUploaded.</summary>
    void SendBlock(PeerKey peer, BlockRange block);

    /// <summary>Removes a block from the peer's outbox; false if it is gone already.</summary>
    bool CancelBlock(PeerKey peer, BlockRange block);

    /// <summary>Removes all blocks from the peer's outbox and returns them in <paramref name="cancelled"/>.</summary>
    void CancelBlocks(PeerKey peer, List<BlockRange> cancelled);

    /// <summary>
    /// Asks for the right to write the torrent's files. Answered by OnDataClaimed, by OnDataNotClaimed while the disk does not
    /// permit it, or by Fail if another session has it. The right is released when every wanted piece is complete, and when the run ends.
    /// </summary>
    void ClaimData();

    /// <summary>Reports how long a peer took to answer a request with its block. Called once per block, so it must be cheap.</summary>
    void ReportResponse(PeerTransport transport, TimeSpan time);

    /// <summary>
    /// Hands a block and its lease to the disk. After a piece's last block the piece is hashed; answered by OnPieceHashed (after both hash
    /// and write) or by OnDiskFailed.
    /// </summary>
    void WriteBlock(BlockRef block, BlockLease lease);

    /// <summary>
    /// Forgets what has been written of a piece, so that its blocks may arrive again. Called after every failed hash and every lost write,
    /// whether or not the disk knows; blocks written later start the piece from scratch.
    /// </summary>
    void DiscardPiece(PieceIndex piece);

    /// <summary>Returns an unneeded block to the pool.</summary>
    void Release(BlockLease lease);

    /// <summary>
    /// Reads pieces from disk and hashes them. Answered by OnPieceChecked for each and then OnCheckFinished, or by OnDiskFailed.
    /// </summary>
    void CheckPieces(Bitfield pieces);

    /// <summary>
    /// Writes a byte where the last failure occurred, to learn whether the disk accepts data again. Answered by OnDiskRecovered or
    /// OnDiskFailed.
    /// </summary>
    void ProbeDisk();

    /// <summary>
    /// Announces to a tracker over the request's address family. Answered by OnAnnounced, OnAnnounceFailed, OnAnnounceSkipped or
    /// OnAnnouncePutOff.
    /// </summary>
    void Announce(string tracker, AnnounceRequest request);

    /// <summary>
    /// Peers supplied the metadata of a torrent that started without it (BEP 9). Only one thing is certain: the bytes match every info-hash
    /// by which the torrent is known. They may not parse, or describe a torrent that we cannot handle. They are parsed and stored on
    /// another thread; answered by OnMetadata, or by Fail with the reason. Peers are not asked again in this run.
    /// </summary>
    /// <param name="info">The bytes of the info dictionary, which must not be modified.</param>
    void MetadataFetched(ReadOnlyMemory<byte> info);

    /// <summary>Reads the bytes of the info dictionary to serve them to peers. Answered by OnMetadataRead.</summary>
    void ReadMetadata();

    /// <summary>Reports what has happened, for logs, events and the resume state.</summary>
    void Report(TorrentFact fact);
}
