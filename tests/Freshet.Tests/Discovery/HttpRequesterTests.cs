using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Discovery;

namespace Freshet.Tests.Discovery;

public class HttpRequesterTests
{
    /// <summary>The connections of one may be closed by another at any moment, also just before it uses them.</summary>
    [Fact]
    public async Task Requests_that_meet_changes_of_the_blocklist_all_have_an_outcome()
    {
        // Nobody listens there, so that requests are quick.
        using Socket bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        HttpRequesterOptions options = new();
        using HttpRequester requester = new(options);
        HttpHop hop = HttpHop.ForUser(new Uri($"http://{bound.LocalEndPoint}/announce"));
        ConcurrentBag<TrackerOutcome<HttpReply>> outcomes = [];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(AskAsync))).Bounded();
        Assert.All(outcomes, static outcome => Assert.False(outcome.HasAnswer));
        Assert.Contains(outcomes, static outcome => outcome.Fault != TrackerFault.PutOff);

        async Task AskAsync()
        {
            for (int i = 0; i < 1_000; i++)
            {
                options.Binding.Filter.Blocked = AddressRanges.None;
                outcomes.Add(await requester.GetAsync(hop, TestContext.Current.CancellationToken));
            }
        }
    }
}
