using System.Net;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Tests.Security;

public class LoginRoomTests
{
    [Fact]
    public void One_login_too_many_ends_the_oldest_of_the_most_crowded_area()
    {
        LoginRoom room = new(4);
        LoginRoom.Visit[] visits = [.. new[] { "198.51.100.1", "192.0.2.1", "192.0.2.2", "203.0.113.1" }
            .Select(address => room.Enter(IPAddress.Parse(address), CancellationToken.None))];
        using LoginRoom.Visit newest = room.Enter(IPAddress.Parse("2001:db8::1"), CancellationToken.None);
        Assert.Equal([false, true, false, false], visits.Select(visit => visit.IsDisplaced));
        Assert.True(visits[1].Token.IsCancellationRequested);

        // Among areas that have the same number, it is the oldest of all.
        using LoginRoom.Visit another = room.Enter(IPAddress.Parse("2001:db8:1::1"), CancellationToken.None);
        Assert.Equal([true, true, false, false], visits.Select(visit => visit.IsDisplaced));
        Assert.False(newest.IsDisplaced);
    }

    [Fact]
    public void A_login_that_is_over_makes_room()
    {
        LoginRoom room = new(2);
        LoginRoom.Visit over = room.Enter(IPAddress.Loopback, CancellationToken.None);
        using LoginRoom.Visit stays = room.Enter(IPAddress.Loopback, CancellationToken.None);
        over.Dispose();
        over.Displace();
        using LoginRoom.Visit next = room.Enter(IPAddress.Loopback, CancellationToken.None);
        Assert.False(stays.IsDisplaced);
    }

    [Fact]
    public void The_last_connections_are_for_areas_that_have_none()
    {
        NetworkPlaces places = new(16);
        int taken = 0;
        foreach (string area in (string[])["192.0.2", "198.51.100", "203.0.113"])
        {
            for (int i = 1; i < 100; i++)
                taken += places.TryEnter(IPAddress.Parse($"{area}.{i}")) is null ? 0 : 1;
        }

        // Three areas take one place more than two may have, and everybody else gets the rest.
        Assert.Equal(16 - places.Kept + 1, taken);
        Assert.NotNull(places.TryEnter(IPAddress.Parse("2001:db8::1")));
        Assert.Null(places.TryEnter(IPAddress.Parse("2001:db8::1")));
    }

    [Fact]
    public async Task Logins_whose_bodies_never_come_keep_nobody_out()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            (options, _) => options with { PasswordHash = PasswordHash.Of("right") });
        List<HangingLogin> open = [];
        try
        {
            for (int i = 0; i < Bounds.MaxLogins + 1; i++)
                open.Add(await HangingLogin.SendAsync(daemon));

            // The last of them has ended the first.
            Assert.StartsWith("HTTP/1.1 429", await open[0].AnswerAsync(), StringComparison.Ordinal);
            using HttpResponseMessage right = await TestDaemon.SendAsync(
                daemon.Stranger, HttpMethod.Post, "/api/v1/login", """{"password": "right"}""");
            Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        }
        finally
        {
            open.ForEach(login => login.Dispose());
        }
    }
}
