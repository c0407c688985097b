using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Http;

/// <summary>
/// An operation of the API: its route, its input and output, and its handler. The routes, the checks before each request and the OpenAPI
/// document are all generated from these.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The route, from the root.</param>
/// <param name="Id">Its name for programs, such as <c>listTorrents</c>.</param>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="Handler">The handler.</param>
internal sealed record Operation(string Method, string Path, string Id, string Summary, RequestDelegate Handler)
{
    /// <summary>The type of its JSON body, or null.</summary>
    public JsonTypeInfo? Request { get; init; }

    /// <summary>Another media type that it accepts, or null.</summary>
    public string? RequestMedia { get; init; }

    /// <summary>The type of its JSON answer, or null.</summary>
    public JsonTypeInfo? Response { get; init; }

    /// <summary>Another media type that it returns, or null.</summary>
    public string? ResponseMedia { get; init; }

    /// <summary>The events in its answer, by name; what is behind each is in the schemas of the description.</summary>
    public IReadOnlyList<(string Name, string Schema)> Events { get; init; } = [];

    /// <summary>The status of success.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Whether it is answered by 202 (Accepted) if it takes long, and goes on.</summary>
    public bool MayGoOn { get; init; }

    /// <summary>Whether a part of its answer may be asked for, which is answered by 206.</summary>
    public bool HasRanges { get; init; }

    /// <summary>Another kind of body that its refusals may have, or null.</summary>
    public string? RefusalMedia { get; init; }

    /// <summary>The query parameters; any other is refused.</summary>
    public IReadOnlyList<RequestParameter> Query { get; init; } = [];

    /// <summary>The headers that mean something to it alone.</summary>
    public IReadOnlyList<RequestParameter> Headers { get; init; } = [];

    /// <summary>The error codes specific to it; all operations have those of authentication and malformed requests.</summary>
    public IReadOnlyList<(int Status, string Code)> Errors { get; init; } = [];

    /// <summary>Whether it may be called without authentication.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether a ticket for the file in its route authenticates it.</summary>
    public bool TakesTicket { get; init; }

    /// <summary>Whether its answer may take any length of time, so that it does not count among concurrent requests.</summary>
    public bool IsStream { get; init; }

    /// <summary>The maximum length of the body.</summary>
    public long MaxBody { get; init; } = Bounds.MaxBody;
}
