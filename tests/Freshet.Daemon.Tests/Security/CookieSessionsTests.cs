using Freshet.Daemon.Security;

namespace Freshet.Daemon.Tests.Security;

public class CookieSessionsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly AdvancedTime _time = new();

    [Fact]
    public void What_ends_a_session_ends_its_streams()
    {
        CookieSessions sessions = new(_time);
        string one = sessions.Begin();
        CancellationToken end = sessions.EndOf(one);
        Assert.False(end.IsCancellationRequested);
        Assert.True(sessions.EndOf("another").IsCancellationRequested);
        Assert.True(sessions.EndOf(null).IsCancellationRequested);
        sessions.End(one);
        Assert.True(end.IsCancellationRequested);
        Assert.True(sessions.EndOf(one).IsCancellationRequested);
    }

    [Fact]
    public void A_session_expires_without_being_asked_for_and_each_use_puts_that_off()
    {
        CookieSessions sessions = new(_time);
        string used = sessions.Begin();
        CancellationToken endOfUsed = sessions.EndOf(used);
        CancellationToken endOfUnused = sessions.EndOf(sessions.Begin());
        _time.Advance(Bounds.CookieLife - Minute);
        Assert.True(sessions.IsValid(used));
        Assert.False(endOfUnused.IsCancellationRequested);
        _time.Advance(Minute);
        Assert.True(endOfUnused.IsCancellationRequested);
        Assert.False(endOfUsed.IsCancellationRequested);
        _time.Advance(Bounds.CookieLife - Minute);
        Assert.True(endOfUsed.IsCancellationRequested);
        Assert.False(sessions.IsValid(used));
    }

    [Fact]
    public void A_session_that_one_too_many_displaces_ends()
    {
        CookieSessions sessions = new(_time);
        string first = sessions.Begin();
        CancellationToken end = sessions.EndOf(first);
        for (int i = 1; i < Bounds.MaxCookies; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            sessions.Begin();
        }

        Assert.False(end.IsCancellationRequested);
        sessions.Begin();
        Assert.True(end.IsCancellationRequested);
        Assert.False(sessions.IsValid(first));
    }
}
