namespace AIOrleans.Benchmarks.Targets;

/// <summary>nginx as its documentation has a proxy for streams: no buffers to disk, no log, connections kept.</summary>
internal static class NginxConfig
{
    public static string Of(string home, Uri listen, Uri upstream) =>
        $$"""
        daemon off;
        worker_processes auto;
        pid {{home}}/nginx.pid;
        error_log {{home}}/error.log warn;
        events { worker_connections 16384; }
        http {
          access_log off;
          client_body_temp_path {{home}}/body;
          proxy_temp_path {{home}}/proxy;
          fastcgi_temp_path {{home}}/fastcgi;
          uwsgi_temp_path {{home}}/uwsgi;
          scgi_temp_path {{home}}/scgi;
          client_max_body_size 32m;
          client_body_buffer_size 2m;
          keepalive_requests 1000000;
          upstream provider { server {{upstream.Authority}}; keepalive 512; keepalive_requests 1000000; }
          server {
            listen {{listen.Authority}};
            location / { proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }
          }
        }
        """;
}
