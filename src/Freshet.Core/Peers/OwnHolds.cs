using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>How much of the last few seconds we ourselves held up the exchange with a peer, and by what.</summary>
/// <param name="begin">When the connection began.</param>
internal sealed class OwnHolds(Timestamp begin)
{
    private RecentShare _receiving = new(begin);
    private RecentShare _receivingByLimit = new(begin);
    private RecentShare _sendingByLimit = new(begin);

    /// <summary>The part of the time in which we did not read because a limit of ours had to be kept.</summary>
    public double ReceivingByLimit => _receivingByLimit.Value;

    /// <summary>The part of the time in which we did not read because there was no memory for blocks: the disk is behind.</summary>
    public double ReceivingByDisk => Math.Max(0, _receiving.Value - _receivingByLimit.Value);

    /// <summary>The part of the time in which blocks that the peer requested waited for a limit of ours.</summary>
    public double SendingByLimit => _sendingByLimit.Value;

    /// <summary>The limit that was waited for last when receiving.</summary>
    public HeldByLimit DownloadLimit { get; private set; }

    /// <summary>The limit that was waited for last when sending.</summary>
    public HeldByLimit UploadLimit { get; private set; }

    public void Sample(PeerKey key, IPeerLine line, Timestamp now)
    {
        DownloadLimit = line.ReceivingHeld(key, now);
        UploadLimit = line.SendingHeld(key, now);
        _receiving.Sample(line.HeldUp(key, now), now);
        _receivingByLimit.Sample(DownloadLimit.Total, now);
        _sendingByLimit.Sample(UploadLimit.Total, now);
    }
}
