using Freshet.Daemon.Security;

namespace Freshet.Daemon.Tests.Security;

public class ContentTicketsTests
{
    private readonly AdvancedTime _time = new();

    [Fact]
    public void A_ticket_is_for_one_file_and_expires()
    {
        ContentTickets tickets = new(_time);
        (string secret, DateTimeOffset expiresAt) = tickets.Make("a", 1, CancellationToken.None);
        Assert.Equal(_time.GetUtcNow() + Bounds.TicketLife, expiresAt);
        Assert.NotNull(tickets.EndOf(secret, "a", 1));
        Assert.Null(tickets.EndOf(secret, "a", 2));
        Assert.Null(tickets.EndOf(secret, "b", 1));
        Assert.Null(tickets.EndOf(secret + "x", "a", 1));
        _time.Advance(Bounds.TicketLife - TimeSpan.FromSeconds(1));
        Assert.NotNull(tickets.EndOf(secret, "a", 1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(tickets.EndOf(secret, "a", 1));
    }

    [Fact]
    public void Their_number_is_bounded_and_one_too_many_removes_the_oldest()
    {
        ContentTickets tickets = new(_time);
        List<string> secrets = [];
        for (int i = 0; i <= Bounds.MaxTickets; i++)
        {
            secrets.Add(tickets.Make("a", i, CancellationToken.None).Secret);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Null(tickets.EndOf(secrets[0], "a", 0));
        Assert.NotNull(tickets.EndOf(secrets[1], "a", 1));
        Assert.NotNull(tickets.EndOf(secrets[^1], "a", Bounds.MaxTickets));
    }
}
