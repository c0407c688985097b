using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>What follows when it changes what is to be fetched: peers hear whether they interest us, and sources are asked.</summary>
internal sealed class Fetching(Interest interest, Requesting requesting)
{
    /// <summary>Other pieces are missing than before, or fetching begins.</summary>
    public void Update(Timestamp now)
    {
        interest.UpdateAll(now);
        requesting.RefillAll(now);
    }

    /// <summary>Nothing is missing any longer: what is still asked for is taken back.</summary>
    public void End(Timestamp now)
    {
        requesting.CancelAll(now);
        interest.UpdateAll(now);
    }
}
