namespace Freshet.Tests.Sessions;

/// <summary>Helpers that read a session's events.</summary>
internal static class SessionEvents
{
    /// <summary>Returns the first event of a kind, if it comes in time.</summary>
    public static async Task<T> FirstAsync<T>(this IAsyncEnumerable<SessionEvent> events)
        where T : SessionEvent
    {
        using CancellationTokenSource bound = new(Patience.Bound);
        await foreach (SessionEvent happened in events.WithCancellation(bound.Token))
        {
            if (happened is T found)
                return found;
        }

        throw new InvalidOperationException("The session ended before.");
    }
}
