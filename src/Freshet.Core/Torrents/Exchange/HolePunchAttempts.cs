using System.Net;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// The attempts of the last <see cref="HolePunchLimits.AttemptSeconds"/>: never more than <see cref="HolePunchLimits.MaxAttempts"/>, of
/// which <see cref="HolePunchLimits.MaxUnaskedAttempts"/> that we have not asked for, and one to each address.
/// </summary>
internal sealed class HolePunchAttempts
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(HolePunchLimits.AttemptSeconds);

    // In the order in which they began.
    private readonly List<HolePunchAttempt> _attempts = [];

    /// <summary>When <see cref="Overdue"/> finds something.</summary>
    public Timestamp NextDue
    {
        get
        {
            Timestamp next = Timestamp.Never;
            foreach (HolePunchAttempt attempt in _attempts)
                next = Timestamp.Min(next, attempt.AnswerDue);
            return next;
        }
    }

    /// <summary>The attempt to an address; null if there is none.</summary>
    public HolePunchAttempt? Find(IPEndPoint target) => _attempts.Find(attempt => attempt.Target.Equals(target));

    /// <summary>An attempt whose relay has not answered in time; null if there is none.</summary>
    public HolePunchAttempt? Overdue(Timestamp now) => _attempts.Find(attempt => attempt.AnswerDue <= now);

    /// <summary>Whether we may ask for an attempt.</summary>
    public bool MayAsk(IPEndPoint target, Timestamp now)
    {
        ForgetOld(now);
        return _attempts.Count < HolePunchLimits.MaxAttempts && Find(target) is null;
    }

    /// <summary>Begins an attempt; there is none to that address.</summary>
    public HolePunchAttempt Begin(IPEndPoint target, Timestamp now, bool isOurs)
    {
        HolePunchAttempt attempt = new(target, now, isOurs);
        _attempts.Add(attempt);
        return attempt;
    }

    /// <summary>Whether a relay's word that somebody dials us is to be heard: it was asked, or there are not too many attempts.</summary>
    public bool Hears(IPEndPoint target, PeerKey relay, Timestamp now)
    {
        ForgetOld(now);
        if (Find(target) is { } attempt)
            return attempt.Hears(relay);
        return _attempts.Count < HolePunchLimits.MaxAttempts
            && _attempts.Count(static attempt => !attempt.IsOurs) < HolePunchLimits.MaxUnaskedAttempts;
    }

    /// <summary>A peer has gone: what it was asked for is asked of others.</summary>
    public void OnGone(PeerKey relay)
    {
        foreach (HolePunchAttempt attempt in _attempts)
        {
            if (attempt.Relay == relay)
                attempt.OnRelayGone();
        }
    }

    public void Clear() => _attempts.Clear();

    private void ForgetOld(Timestamp now) => _attempts.RemoveAll(attempt => now - attempt.Began >= KeptFor);
}
