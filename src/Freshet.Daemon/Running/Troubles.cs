using System.Collections.Concurrent;

namespace Freshet.Daemon.Running;

/// <summary>What is not as it should be at the moment, in words, each under the name of what has the trouble.</summary>
internal sealed class Troubles
{
    private readonly ConcurrentDictionary<string, string> _all = new(StringComparer.Ordinal);

    /// <summary>All of them, ordered by name.</summary>
    public IEnumerable<string> All => _all.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => each.Value);

    /// <summary>Sets what is wrong; null if nothing is any more.</summary>
    public void Set(string name, string? trouble)
    {
        if (trouble is null)
            _all.TryRemove(name, out _);
        else
            _all[name] = trouble;
    }
}
