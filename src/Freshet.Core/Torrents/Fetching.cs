using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>Updates interest and requests when the set of pieces to fetch changes.</summary>
internal sealed class Fetching(Interest interest, Requesting requesting)
{
    /// <summary>The set of missing pieces has changed, or fetching begins.</summary>
    public void Update(Timestamp now)
    {
        interest.UpdateAll(now);
        requesting.RefillAll(now);
    }

    /// <summary>Nothing is missing any longer: outstanding requests are cancelled.</summary>
    public void End(Timestamp now)
    {
        requesting.CancelAll(now);
        interest.UpdateAll(now);
    }
}
