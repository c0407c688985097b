using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>How much of the last few seconds we held up the transfer with a peer or web seed ourselves, and why.</summary>
/// <param name="begin">When the connection began.</param>
internal sealed class OwnHolds(Timestamp begin)
{
    private RecentShare _receiving = new(begin);
    private RecentShare _receivingByLimit = new(begin);
    private RecentShare _sendingByLimit = new(begin);

    /// <summary>The share of the time in which we did not read because of a rate limit.</summary>
    public double ReceivingByLimit => _receivingByLimit.Value;

    /// <summary>The share of the time in which we did not read for lack of memory for blocks: the disk is behind.</summary>
    public double ReceivingByDisk => Math.Max(0, _receiving.Value - _receivingByLimit.Value);

    /// <summary>The share of the time in which requested blocks waited for a rate limit.</summary>
    public double SendingByLimit => _sendingByLimit.Value;

    /// <summary>The download limit that was waited for most recently.</summary>
    public HeldByLimit DownloadLimit { get; private set; }

    /// <summary>The upload limit that was waited for most recently.</summary>
    public HeldByLimit UploadLimit { get; private set; }

    /// <summary>Takes a sample of how receiving is held up.</summary>
    public void SampleReceiving(PeerKey key, ISourceLine line, Timestamp now)
    {
        DownloadLimit = line.ReceivingHeld(key, now);
        _receiving.Sample(line.HeldUp(key, now), now);
        _receivingByLimit.Sample(DownloadLimit.Total, now);
    }

    /// <summary>Takes a sample of how sending is held up.</summary>
    public void SampleSending(PeerKey key, IPeerLine line, Timestamp now)
    {
        UploadLimit = line.SendingHeld(key, now);
        _sendingByLimit.Sample(UploadLimit.Total, now);
    }
}
