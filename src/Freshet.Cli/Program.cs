using Freshet.Cli;
using Freshet.Cli.Consoles;

using Interruption interruption = new();
return await FreshetApp.RunAsync(args, new ProcessStreams(interruption), interruption.Token).ConfigureAwait(false);
