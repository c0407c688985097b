using System.Net;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// An attempt to reach an address through a hole, at our own wish or because a relay says that the peer dials us. Both can meet: what a
/// relay says unasked does not use up the word of the one that was asked.
/// </summary>
/// <param name="target">With whom.</param>
/// <param name="began">When.</param>
/// <param name="isOurs">Whether we have asked for it.</param>
internal sealed class HolePunchAttempt(IPEndPoint target, Timestamp began, bool isOurs)
{
    private readonly List<PeerKey> _asked = [];

    public IPEndPoint Target => target;

    public Timestamp Began => began;

    public bool IsOurs => isOurs;

    /// <summary>The relay that was asked last and has not said that the peer dials us; null if none was asked, or if it has.</summary>
    public PeerKey? Relay { get; private set; }

    /// <summary>When the next relay is asked; never if the last one has answered, or if there is no other.</summary>
    public Timestamp AnswerDue { get; private set; } = Timestamp.Never;

    /// <summary>Whether the peer has been dialled at the word of a relay.</summary>
    public bool IsPunched { get; private set; }

    /// <summary>Whether a relay has been asked, now or before.</summary>
    public bool HasAsked(PeerKey relay) => _asked.Contains(relay);

    public void Ask(PeerKey relay, Timestamp now)
    {
        _asked.Add(relay);
        Relay = relay;
        AnswerDue = now + TimeSpan.FromSeconds(HolePunchLimits.AnswerSeconds);
    }

    /// <summary>The relay that was asked is gone: it will not answer.</summary>
    public void OnRelayGone() => AnswerDue = new Timestamp(long.MinValue);

    /// <summary>There is no other relay to ask; if the last one answers late, its answer still counts.</summary>
    public void StopWaiting() => AnswerDue = Timestamp.Never;

    /// <summary>Whether a relay's word that the peer dials us is heard: that of the one we asked, and else the first.</summary>
    public bool Hears(PeerKey relay) => Relay == relay || (Relay is not null && !IsPunched);

    /// <summary>The relay that was asked says that the peer dials us.</summary>
    public void OnAnswered()
    {
        Relay = null;
        AnswerDue = Timestamp.Never;
    }

    /// <summary>The peer is dialled at a relay's word.</summary>
    public void OnPunched() => IsPunched = true;
}
