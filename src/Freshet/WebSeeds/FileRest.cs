namespace Freshet.WebSeeds;

/// <summary>The rest of a file from a web seed that does not serve ranges: the next request may take more of it.</summary>
internal sealed record FileRest(FileAnswer Answer, Stream Body) : IDisposable
{
    public void Dispose()
    {
        Body.Dispose();
        Answer.Dispose();
    }
}
