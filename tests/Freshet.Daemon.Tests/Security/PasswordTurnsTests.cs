using System.Net;
using Freshet.Daemon.Http;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Tests.Security;

public class PasswordTurnsTests
{
    private const string Owner = "203.0.113.7";

    [Fact]
    public async Task The_only_one_in_an_area_waits_for_one_password_of_each_other_area()
    {
        PasswordTurns turns = new(32);
        List<string> order = [];
        IDisposable first = await TakeAsync(turns, "192.0.2.1");
        Task[] waiting = [.. new[] { "192.0.2.2", "192.0.2.3", "192.0.2.4", "198.51.100.1", "198.51.100.2", Owner, "2001:db8::1" }
            .Select(address => PassAsync(turns, address, order))];
        first.Dispose();
        await Task.WhenAll(waiting).Bounded();
        Assert.Equal(
            ["192.0.2.2", "198.51.100.1", Owner, "2001:db8::1", "192.0.2.3", "198.51.100.2", "192.0.2.4"], order);
    }

    [Fact]
    public async Task An_area_that_comes_again_and_again_does_not_get_ahead_of_those_who_wait()
    {
        PasswordTurns turns = new(32);
        List<string> order = [];
        IDisposable first = await TakeAsync(turns, "192.0.2.1");
        Task[] before = [.. Enumerable.Range(1, 3).Select(
            i => PassAsync(turns, $"198.51.100.{i}", order, () => PassAsync(turns, "192.0.2.9", order)))];
        Task waiting = PassAsync(turns, Owner, order);
        first.Dispose();
        await Task.WhenAll([.. before, waiting]).Bounded();
        Assert.InRange(order.IndexOf(Owner), 0, 2);
    }

    [Fact]
    public async Task A_full_queue_makes_room_for_an_area_without_a_place_from_the_most_crowded_area()
    {
        PasswordTurns turns = new(4);
        List<string> order = [];
        IDisposable first = await TakeAsync(turns, "192.0.2.1");
        Task[] crowd = [.. Enumerable.Range(1, 3).Select(i => PassAsync(turns, $"192.0.2.{i}", order))];
        Task other = PassAsync(turns, "198.51.100.1", order);
        Task owner = PassAsync(turns, Owner, order);
        await AssertRefusedAsync(crowd[2]);

        // From then on no newcomer is further behind than those who wait.
        await AssertRefusedAsync(PassAsync(turns, "192.0.2.9", order));
        await AssertRefusedAsync(PassAsync(turns, Owner, order));
        first.Dispose();
        await Task.WhenAll(crowd[0], crowd[1], other, owner).Bounded();
        Assert.Equal(["192.0.2.1", "198.51.100.1", Owner, "192.0.2.2"], order);
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_queue_and_a_turn_that_is_ended_twice_is_one_turn()
    {
        PasswordTurns turns = new(4);
        using CancellationTokenSource leaving = new();
        IDisposable first = await TakeAsync(turns, "192.0.2.1");
        Task<IDisposable> left = turns.TakeAsync(IPAddress.Parse("192.0.2.2"), leaving.Token);
        Task<IDisposable> second = TakeAsync(turns, "192.0.2.3");
        Task<IDisposable> third = TakeAsync(turns, "192.0.2.4");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.Bounded());
        Assert.Equal(2, turns.Waiting);
        first.Dispose();
        first.Dispose();
        Assert.Equal(1, turns.Waiting);
        (await second.Bounded()).Dispose();
        Assert.Equal(0, turns.Waiting);
        (await third.Bounded()).Dispose();
        (await TakeAsync(turns, "192.0.2.5").Bounded()).Dispose();
    }

    [Fact]
    public async Task A_password_that_waits_keeps_its_turn_whatever_other_logins_come()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            (options, _) => options with { PasswordHash = PasswordHash.Of("right") });
        PasswordTurns turns = daemon.Server.Parts!.Doors.Turns;
        IDisposable turn = await TakeAsync(turns, Owner);
        Task<HttpResponseMessage> waiting = TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Post, "/api/v1/login", """{"password": "right"}""");
        await Patience.Until(() => turns.Waiting == 1);
        List<HangingLogin> others = [];
        try
        {
            // Each of these is under way, and ends an older one when there are too many.
            for (int i = 0; i < Bounds.MaxLogins * 2; i++)
                others.Add(await HangingLogin.SendAsync(daemon));
            turn.Dispose();
            using HttpResponseMessage answer = await waiting;
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }
        finally
        {
            others.ForEach(login => login.Dispose());
        }
    }

    private static async Task AssertRefusedAsync(Task login) =>
        Assert.Equal("too-many-requests", (await Assert.ThrowsAsync<ApiException>(() => login.Bounded())).Code);

    private static Task<IDisposable> TakeAsync(PasswordTurns turns, string address) =>
        turns.TakeAsync(IPAddress.Parse(address), TestContext.Current.CancellationToken);

    private static async Task PassAsync(PasswordTurns turns, string address, List<string> order, Func<Task>? meanwhile = null)
    {
        Task after;
        using (await TakeAsync(turns, address))
        {
            order.Add(address);
            after = meanwhile?.Invoke() ?? Task.CompletedTask;
        }

        await after;
    }
}
