/** The registry on etcd; needs the package `etcd3`. @module */
export { etcd } from './etcd.js'
export type { EtcdLayout, EtcdOptions, EtcdTls } from './etcd-options.js'
