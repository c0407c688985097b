using Freshet.Core.WebSeeds;

namespace Freshet.WebSeeds;

/// <summary>A web seed did not deliver what was requested.</summary>
internal sealed class WebSeedException(FetchEnd end) : Exception(end.Words)
{
    public FetchEnd End { get; } = end;
}
