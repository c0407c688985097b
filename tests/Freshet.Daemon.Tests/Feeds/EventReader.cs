using System.Text.Json.Nodes;
using Freshet.Daemon.Tests.Contracts;

namespace Freshet.Daemon.Tests.Feeds;

/// <summary>A client of the event stream.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage answer, StreamReader lines) => (_answer, _lines) = (answer, lines);

    public string? LastId { get; private set; }

    public static async Task<EventReader> OpenAsync(TestDaemon daemon, string? lastId = null)
    {
        HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Get, "/api/v1/events", change: request =>
        {
            if (lastId is not null)
                request.Headers.Add("Last-Event-ID", lastId);
        });
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new EventReader(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Returns the next event; comments are skipped.</summary>
    public async Task<(string Type, JsonNode Data)> NextAsync()
    {
        string type = "";
        JsonNode? data = null;
        while (true)
        {
            string line = await _lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Bounded()
                ?? throw new EndOfStreamException("The stream has ended.");
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                LastId = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                type = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = JsonNode.Parse(line[6..]);
            else if (line.Length == 0 && data is not null)
            {
                Assert.Null(ApiDescription.ObjectionToEvent(type, data));
                return (type, data);
            }
        }
    }

    /// <summary>Returns the next event for which the condition holds.</summary>
    public async Task<JsonNode> NextAsync(Func<string, JsonNode, bool> isWanted)
    {
        while (true)
        {
            (string type, JsonNode data) = await NextAsync();
            if (isWanted(type, data))
                return data;
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }
}
