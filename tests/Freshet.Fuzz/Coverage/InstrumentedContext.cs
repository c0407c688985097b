using System.Reflection;
using System.Runtime.Loader;

namespace Freshet.Fuzz.Coverage;

/// <summary>
/// Loads this program a second time, and on the way rewrites the engine's assemblies so that they count edges. Nothing on disk is
/// changed, and no build needs to know about it.
/// </summary>
internal sealed class InstrumentedContext : AssemblyLoadContext
{
    private static readonly string[] Instrumented = ["Freshet.Core", "Freshet", "Freshet.Tracker"];
    private static readonly Assembly Own = typeof(InstrumentedContext).Assembly;
    private readonly Lazy<Instrumenter> _instrumenter;

    private InstrumentedContext()
        : base("instrumented") => _instrumenter = new Lazy<Instrumenter>(() => new Instrumenter(LoadFromAssemblyPath(Own.Location)));

    /// <summary>Runs <see cref="Fuzzer.Run"/> there and returns its exit code.</summary>
    public static int Run(string[] args)
    {
        InstrumentedContext context = new();
        Type fuzzer = context.LoadFromAssemblyPath(Own.Location).GetType(typeof(Fuzzer).FullName!)!;
        return fuzzer.GetMethod(nameof(Fuzzer.Run))!.CreateDelegate<Func<string[], int>>()(args);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == Own.GetName().Name)
            return LoadFromAssemblyPath(Own.Location);
        if (!Instrumented.Contains(assemblyName.Name))
            return null;
        using MemoryStream rewritten = _instrumenter.Value.Rewrite(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll"));
        return LoadFromStream(rewritten);
    }
}
