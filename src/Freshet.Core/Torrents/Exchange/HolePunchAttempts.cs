using System.Net;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// To whom holes were punched, or are to be, in the last <see cref="HolePunchLimits.AttemptSeconds"/>: never more than
/// <see cref="HolePunchLimits.MaxAttempts"/>, and one to each address.
/// </summary>
internal sealed class HolePunchAttempts
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(HolePunchLimits.AttemptSeconds);

    // In the order in which they began.
    private readonly List<Attempt> _attempts = [];

    /// <summary>Whether there may be an attempt to an address.</summary>
    public bool MayBegin(IPEndPoint target, Timestamp now)
    {
        _attempts.RemoveAll(attempt => now - attempt.Began >= KeptFor);
        return _attempts.Count < HolePunchLimits.MaxAttempts && Find(target) < 0;
    }

    /// <summary>A relay is asked to introduce us to somebody; for the first time, or after others could not.</summary>
    public void Ask(IPEndPoint target, PeerKey relay, Timestamp now)
    {
        int at = Find(target);
        if (at < 0)
            _attempts.Add(new Attempt(target, now, relay));
        else
            _attempts[at] = _attempts[at] with { Relay = relay };
    }

    /// <summary>Whether a relay has been asked for an address and has not answered.</summary>
    public bool IsAsked(IPEndPoint target, PeerKey relay) => Find(target) is >= 0 and int at && _attempts[at].Relay == relay;

    /// <summary>A relay says that somebody dials us; false if there has been an attempt already, or too many to others.</summary>
    public bool TryPunch(IPEndPoint target, Timestamp now)
    {
        int at = Find(target);
        if (at >= 0 && _attempts[at].Relay is not null)
        {
            _attempts[at] = _attempts[at] with { Relay = null };
            return true;
        }

        if (!MayBegin(target, now))
            return false;
        _attempts.Add(new Attempt(target, now, Relay: null));
        return true;
    }

    public void Clear() => _attempts.Clear();

    private int Find(IPEndPoint target) => _attempts.FindIndex(attempt => attempt.Target.Equals(target));

    /// <param name="Target">With whom.</param>
    /// <param name="Began">When.</param>
    /// <param name="Relay">Who has been asked and has not answered; null if the hole is punched.</param>
    private readonly record struct Attempt(IPEndPoint Target, Timestamp Began, PeerKey? Relay);
}
