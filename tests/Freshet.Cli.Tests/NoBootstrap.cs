using System.Runtime.CompilerServices;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Tests;

/// <summary>Ensures that no command that a test runs starts from DHT nodes on the internet.</summary>
internal static class NoBootstrap
{
#pragma warning disable CA2255 // It must hold for every test of this assembly, whichever runs first.
    [ModuleInitializer]
    public static void Set() => Environment.SetEnvironmentVariable(DhtBootstrap.Variable, "");
#pragma warning restore CA2255
}
