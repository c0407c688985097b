namespace Freshet.Daemon.Http;

/// <summary>Counts concurrent requests of a kind, up to a limit.</summary>
internal sealed class Turnstile(int most)
{
    private int _inside;

    /// <exception cref="ApiException">There are too many.</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref _inside) <= most)
            return;
        Leave();
        throw ApiException.TooMany($"{most} requests are being answered already.", TimeSpan.FromSeconds(1));
    }

    public void Leave() => Interlocked.Decrement(ref _inside);
}
